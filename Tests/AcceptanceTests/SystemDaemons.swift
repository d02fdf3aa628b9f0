import Formats
import TestSupport

extension Daemons {
  /// Units and drop-ins of a host are looked at together. A drop-in for a unit that this machine does not have gets a unit to sit on.
  static let systemd = Daemon("systemd-analyze", package: "systemd", reads: { $0.path.hasPrefix("/etc/systemd/system/") }) { files in
    Set(files.map { unit($0.path) }).sorted().map { unit in
      Check(
        title: "systemd-analyze \(unit)",
        code: """
          name=\(unit)
          case $name in *@.*) name=${name/@./@instance.} ;; esac
          if ! find /etc/systemd/system /lib/systemd/system -maxdepth 1 -name \(unit) | grep -q .; then
            printf '[Service]\\nExecStart=/bin/true\\n' > /etc/systemd/system/\(raw: unit)
          fi
          out=$(systemd-analyze verify --man=no --recursive-errors=no "$name" 2>&1) || { echo "$out"; exit 1; }
          [ -z "$out" ] || { echo "$out"; exit 1; }
          """)
    }
  }

  /// `x.service` of `/etc/systemd/system/x.service` and of `/etc/systemd/system/x.service.d/y.conf`.
  private static func unit(_ path: String) -> String {
    let first = path.dropFirst("/etc/systemd/system/".count).prefix { $0 != "/" }
    return String(first.hasSuffix(".d") ? first.dropLast(2) : first)
  }

  static let aptConf = Daemon.each("apt-config", package: "apt", reads: { $0.path.hasPrefix("/etc/apt/apt.conf.d/") }) {
    silent("apt-config dump", $0)
  }

  static let aptPreferences = Daemon.each("apt-cache", package: "apt", reads: { $0.path.hasPrefix("/etc/apt/preferences.d/") }) {
    silent("apt-cache policy", $0)
  }

  static let aptSources = Daemon.each("apt-get", package: "apt", reads: { $0.path.hasPrefix("/etc/apt/sources.list.d/") }) {
    silent("apt-get indextargets", $0)
  }

  static let needrestart = Daemon.each("perl", package: "perl", reads: { $0.path.hasPrefix("/etc/needrestart/") }) { path in
    "perl -we \("our %nrconf; my $done = do shift; die $@ if $@; exit !%nrconf") \(path)"
  }

  /// A program that reads the file because it is where it is, and should have nothing to say on its error output.
  private static func silent(_ command: Shell, _ path: String) -> Shell {
    """
    test -e \(path)
    words=$(\(command) 2>&1 >/dev/null) || { echo "$words"; exit 1; }
    [ -z "$words" ] || { echo "$words"; exit 1; }
    """
  }
}
