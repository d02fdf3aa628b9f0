import Diagnostics
import MAASFacts
package import NetworkTypes

extension Topology {
  /// Where clients, racks and machines reach MAAS.
  package func maasURL() -> Derived<HTTPURL> {
    if let url = maas.url { return Derived(given: url) }
    switch balancer {
    case .haproxy(let haproxy): return balancedURL(haproxy)
    case .external(let external): return Derived(url(external), because: "the load balancer \(external.host.value)")
    case .none: return regionURL
    }
  }

  /// What a region writes into its regiond.conf. The last region to start writes its own into the database, so they must agree.
  package func maasURL(of region: Region) -> Derived<HTTPURL> {
    region.maasURL.map { Derived(given: $0) } ?? maasURL()
  }

  /// What a rack writes into its rackd.conf: rackd tries all, the agent only the first.
  package func rackURLs(of rack: Rack) -> Derived<[HTTPURL]> {
    if let first = rack.maasURLs.first, let last = rack.maasURLs.last {
      return Derived(given: Located(rack.maasURLs.map(\.value), at: first.span.union(last.span)))
    }
    var urls = [maasURL().value]
    for url in regions.map({ directURL(of: $0) }) where !urls.contains(url) { urls.append(url) }
    return Derived(urls, because: "the agent uses only the first, so the balanced one; rackd finds the regions through any of them")
  }

  /// A region without anything between: `http://10.20.0.11:5240/MAAS`.
  package func directURL(of region: Region) -> HTTPURL {
    HTTPURL(.http, .address(self[region.host.value].address.value), port: Endpoints.api, path: "/MAAS")
  }

  /// The virtual address that stands for the service: the first of IPv4, else the first.
  package var serviceAddress: VirtualAddress? {
    guard case .haproxy(let haproxy) = balancer else { return nil }
    return haproxy.vips.first { $0.address.value.address.family == .v4 } ?? haproxy.vips.first
  }

  private func balancedURL(_ haproxy: HAProxy) -> Derived<HTTPURL> {
    let port = haproxyPort().value
    let make = { (address: IPAddress) in HTTPURL(.http, .address(address), port: port == 80 ? nil : port, path: "/MAAS") }
    if let vip = serviceAddress { return Derived(make(vip.address.value.address), because: "the virtual address of HAProxy") }
    guard let host = haproxy.hosts.first?.value else { return regionURL }
    return Derived(make(self[host].address.value), because: "HAProxy on \(self[host].name.value), which has no virtual address")
  }

  private func url(_ external: ExternalBalancer) -> HTTPURL {
    let ports = external.ports.map(\.value)
    let port = !ports.contains(80) && ports.contains(Endpoints.api) ? Endpoints.api : nil
    let host: HTTPURL.Host =
      switch external.host.value {
      case .address(let address): .address(address)
      case .name(let name): .name(name.description)
      case .several(let names): .name(names.first ?? "")
      }
    return HTTPURL(.http, host, port: port, path: "/MAAS")
  }

  private var regionURL: Derived<HTTPURL> {
    guard let region = regions.first else {
      return Derived(HTTPURL(.http, .name("localhost"), port: Endpoints.api, path: "/MAAS"), because: "MAAS' own default, for want of a region")
    }
    let reason = regions.count == 1 ? "the only region" : "the first region, for want of a load balancer"
    return Derived(directURL(of: region), because: reason)
  }
}
