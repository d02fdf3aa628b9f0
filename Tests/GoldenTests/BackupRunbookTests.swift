import Emission
import Foundation
import TestSupport
import Testing

/// `backup.sh` and `restore.sh` before an ssh that only takes notes.
@Suite struct BackupRunbookTests {
  private static let ssh = """
    #!/bin/bash
    # What the host's shell is to run comes in base64, after the options and the address.
    [[ $* =~ echo\\ ([A-Za-z0-9+/=]+)\\ \\| ]] || exit 64
    sent="${*%% exec sh *} $(base64 -d <<<"${BASH_REMATCH[1]}" | tr '\\n' ' ')"
    printf '%s\\n' "$sent" >>"$NOTES"
    case $sent in
      *pg_is_in_recovery*) echo f ;;
      *"${UNREACHED:-nowhere} "*) exit 255 ;;
      *pg_dump*) echo dump; exit "${DUMPED:-0}" ;;
      *pg_restore*) cat >/dev/null; exit "${RESTORED:-0}" ;;
      *"'snap' 'start'"*) exit "${STARTED:-0}" ;;
      *maasc-new* | *-xzf* | *-xf*) cat >/dev/null ;;
      *-czhf*) echo archive ;;
    esac
    """

  private struct Run {
    var status: Int32
    var output: String
    var notes: [String]
    func index(_ words: String...) -> Int? { notes.firstIndex { note in words.allSatisfy(note.contains) } }
  }

  private func restore(backup files: [String], environment: [String] = [], answers: String = "restore\nstart\n") throws -> Run {
    try play("restore.sh backup", backup: files, environment: environment, answers: answers)
  }

  private func play(_ command: String, backup files: [String] = [], environment: [String], answers: String = "") throws -> Run {
    try withScratchDirectory { root in
      let example = try #require(ExampleFile.all.first { $0.name == "split" })
      for file in try bundle(example.text()).files where ["runbook/backup.sh", "runbook/restore.sh"].contains(file.path) {
        try Data(file.text.utf8).write(to: root.appending(path: file.path.split(separator: "/").last ?? ""))
      }
      try Data(Self.ssh.utf8).write(to: root.appending(path: "ssh"))
      let backup = root.appending(path: "backup")
      try FileManager.default.createDirectory(at: backup, withIntermediateDirectories: false)
      for file in files { try Data("x".utf8).write(to: backup.appending(path: file)) }
      let notes = root.appending(path: "notes")
      let result = try run(
        "/usr/bin/env",
        ["-C", root.path, "NOTES=\(notes.path)", "MAASC_SSH=bash \(root.path)/ssh"] + environment
          + ["bash", "-c", "(cd backup && sha256sum -- * >SHA256SUMS); exec bash \(command)"],
        input: Array(answers.utf8))
      let lines = ((try? String(contentsOf: notes, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
      return Run(status: result.status, output: result.story, notes: lines)
    }
  }

  private static let controllers = ["infra-1", "infra-2", "infra-3", "rack-a1", "rack-a2"].map { "\($0).tar.gz" }
  private static let whole = controllers + ["database.dump", "images.tar"]

  @Test func itStopsRestoresAndStarts() throws {
    let run = try restore(backup: Self.whole)
    #expect(run.status == 0, "\(run.output)")
    #expect(!run.output.contains("MAAS is stopped"))
    let order = [
      run.index("10.20.0.31", "'snap' 'stop'"), run.index("10.20.0.11", "'snap' 'stop'"), run.index("pg_restore"), run.index("alter database"),
      run.index("10.20.0.11", "before-restore-"), run.index("10.20.0.11", "-xzf"), run.index("10.20.0.11", "'/snap/bin/maas' 'migrate'"),
      run.index("10.20.0.11", "'snap' 'start'"), run.index("10.20.0.31", "'snap' 'start'"),
    ]
    #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted() && !order.contains(nil), "\(order) \(run.notes)")
  }

  @Test(arguments: [
    ("DUMPED=1", "this is no whole backup: remove made"), ("STARTED=1", "MAAS does not start on rack-a2"), ("DUMPED=0", "backed up into made"),
  ])
  func whateverABackupMeetsMAASIsStartedAgain(meets: String, says: String) throws {
    let run = try play("backup.sh made", environment: [meets])
    #expect((run.status == 0) == meets.hasSuffix("0") && run.output.contains(says), "\(run.output)")
    for address in ["10.20.0.11", "10.20.0.32"] { #expect(run.index(address, "'snap' 'start'") != nil) }
  }

  /// What is wrong with a backup is found before anything is stopped.
  @Test(arguments: [controllers, ["database.dump"]]) func aBackupThatLacksSomethingStopsNothing(files: [String]) throws {
    let run = try restore(backup: files)
    #expect(run.status == 1 && run.output.contains("nothing was changed"), "\(run.output)")
    #expect(run.index("'snap' 'stop'") == nil)
  }

  @Test func aHostThatCannotBeReachedStopsNothing() throws {
    let run = try restore(backup: Self.whole, environment: ["UNREACHED=10.20.0.32"])
    #expect(run.status == 1 && run.output.contains("rack-a2 cannot be reached as root; nothing was changed"), "\(run.output)")
    #expect(run.index("'snap' 'stop'") == nil)
  }

  @Test func aFailureSaysThatMAASIsStoppedAndHowToGoBack() throws {
    let early = try restore(backup: Self.whole, environment: ["RESTORED=1"])
    #expect(early.status != 0 && early.output.contains("to go back:\n  start MAAS on every controller, regions first"), "\(early.output)")
    let late = try restore(backup: Self.whole, answers: "restore\nno\n")
    #expect(late.status != 0 && late.index("'snap' 'start'") == nil)
    #expect(
      late.output.contains(#"on db-1: sudo -u postgres psql -p 5432 -c 'alter database "maasdb" rename to "maasdb_restoring"; "#), "\(late.output)")
    #expect(late.output.contains(#"Z" rename to "maasdb"'"#), "\(late.output)")
    #expect(late.output.contains("sudo tar -C / -xzf /var/lib/maasc/before-restore-"), "\(late.output)")
  }
}
