import Diagnostics
import Formats
import Topology

/// `SELECT 1` as MAAS' user, the way that this region will go.
struct DatabaseEndpointStep {
  let topology: Topology
  let host: HostPlan
  let secret: String

  func step(after: [Predecessor], origin: Span) -> Step {
    let endpoint = topology.databaseEndpoint().value
    return Step(
      host: host, phase: .balancer, name: "database-endpoint", title: "Reach the database at \(endpoint.host) port \(endpoint.port)",
      why: "Login, pg_hba and the way through the load balancer are proved with MAAS' own user before MAAS is given them.", after: after,
      check: functions + "ask", apply: functions + "wait_until 60 \("no answer from the database at \(endpoint.host)") ask",
      verify: functions + "ask", secrets: [secret], origin: origin)
  }

  private var functions: Shell {
    let endpoint = topology.databaseEndpoint().value
    let connection = [
      "host=\(endpoint.host)", "port=\(endpoint.port)", "user=\(ConnectionString.quote(topology.databaseUser().value))",
      "dbname=\(ConnectionString.quote(topology.databaseName().value))", "connect_timeout=5",
    ]
    return """
      ask() { # the password reaches psql by a file in the secrets folder
        install -m 600 /dev/null "$SECRETS/.pgpass"
        printf '*:*:*:*:%s\\n' "$(secret \(secret))" >"$SECRETS/.pgpass"
        [[ $(PGPASSFILE=$SECRETS/.pgpass psql -XAtqw -d \(connection.joined(separator: " ")) -c 'select 1') == 1 ]]
      }
      """
  }
}
