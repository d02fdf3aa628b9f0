import Formats
import Foundation
import TestSupport

/// A file of a host, as it stands in a bundle.
struct HostFile: Sendable {
  /// Absolute path on the host.
  var path: String
  var text: String

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
  }

  /// With a value for each placeholder: one that no file's quoting has to escape.
  var filled: String {
    text.replacing(#/@maasc:([A-Za-z0-9._-]+)@/#) { "dummy-\($0.output.1)" }
  }
}

/// A question to a program; the code fails, with words, when the answer is anything but "fine".
struct Check: Sendable {
  var title: String
  var code: Shell
}

/// Runs checks as root on a copy of this machine that nobody else sees: its own files (an overlay, with the host's files installed where
/// they belong), processes and network. In that network every address is local, so that daemons can bind what their files name.
struct Room {
  /// PostgreSQL's version on this machine stands for the one in the bundle, which may be newer.
  static let postgresqlVersion = "15"
  static let dataDirectory = "/srv/maasc-data"

  /// Complaints, one for each check that failed.
  static func judge(_ files: [HostFile], by checks: [Check]) throws -> [String] {
    guard geteuid() == 0 else { throw NotRoot() }
    // Whatever hangs, the test ends: the namespaces die with their first process.
    let timeout = try find("timeout", package: "coreutils")
    let unshare = try find("unshare", package: "util-linux")
    let template = try databaseTemplate()
    return try withScratchDirectory { scratch in
      for file in files { try write(file, below: scratch.appending(path: "files")) }
      try Data(script(checks).code.utf8).write(to: scratch.appending(path: "checks.sh"))
      let namespaces = ["--mount", "--pid", "--fork", "--net", "--uts", "--ipc", "--kill-child"]
      let result = try run(
        timeout, ["-k", "2", "100", unshare] + namespaces + ["/bin/bash", "-c", entrance, "room", scratch.path, template])
      var complaints = result.text.split(separator: "\u{1e}").map { String($0.replacing("\u{1f}", with: ": ")) }
      if result.status != 0 { complaints.append("the room could not be entered: \(result.errors)") }
      return complaints
    }
  }

  /// A cluster made once on this machine; a room sees it through an overlay, and leaves it as it is.
  private static func databaseTemplate() throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "maasc-acceptance-pg\(postgresqlVersion)").path
    let initdb = "/usr/lib/postgresql/\(postgresqlVersion)/bin/initdb"
    guard access(initdb, X_OK) == 0 else { throw MissingProgram(program: initdb, package: "postgresql-\(postgresqlVersion)") }
    let make: Shell = """
      set -e
      exec 9>\(path).lock; flock 9
      test -e \(path)/PG_VERSION && exit
      new=$(mktemp -d \(path).XXXXXX); chown postgres "$new"
      cd /; setpriv --reuid postgres --regid postgres --init-groups \(initdb) -A peer --no-sync -E UTF8 --locale C.UTF-8 "$new" >/dev/null
      mv "$new" \(path)
      """
    let result = try run("/bin/bash", ["-c", make.code])
    guard result.status == 0 else { throw BrokenRoom(reason: result.errors) }
    return path
  }

  private static func write(_ file: HostFile, below root: URL) throws {
    let place = root.appending(path: file.path)
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(file.filled.utf8).write(to: place)
    let mode = file.text.hasPrefix("#!") ? 0o755 : 0o644
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path)
  }

  private static func script(_ checks: [Check]) -> Shell {
    let head: Shell = """
      judge() {
        local out
        if ! out=$(timeout -k 1 20 bash -c "set -euo pipefail; $2" 2>&1 </dev/null); then printf '%s\\x1f%s\\x1e' "$1" "${out:-it failed without a word, or took longer than 20 seconds}"; fi
      }
      """
    return .lines([head] + checks.map { "judge \($0.title) \($0.code.code)" })
  }

  private static let entrance = """
    set -euo pipefail
    scratch=$1 template=$2 room=$1/room
    mkdir "$room"; mount -t tmpfs tmpfs "$room"; cd "$room"; mkdir upper work root data dwork
    mount -t overlay overlay -o "lowerdir=/,upperdir=$room/upper,workdir=$room/work" root
    mount -t proc proc root/proc; mount --rbind /dev root/dev; mount -t tmpfs tmpfs root/run; mount -t tmpfs -o mode=1777 tmpfs root/tmp
    mkdir -p root/srv/maasc-data
    mount -t overlay overlay -o "lowerdir=$template,upperdir=$room/data,workdir=$room/dwork" root/srv/maasc-data
    chown postgres root/srv/maasc-data; chmod 700 root/srv/maasc-data
    if [ -d "$scratch/files" ]; then cp -R "$scratch/files/." root/; fi
    ip link set lo up; ip link add eth0 type veth peer name peer0; ip link set eth0 up
    ip route add local default dev lo; ip -6 route add local default dev lo
    sysctl -qw net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1
    cp "$scratch/checks.sh" root/run/checks.sh
    chroot root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root bash /run/checks.sh
    """
}

struct NotRoot: Error, CustomStringConvertible {
  var description: String { "these tests make namespaces and start daemons: run them as root" }
}

struct BrokenRoom: Error, CustomStringConvertible {
  var reason: String
  var description: String { "the cluster for PostgreSQL's checks could not be made: \(reason)" }
}
