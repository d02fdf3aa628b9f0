import Emission
import Foundation
import TestSupport
import Testing

/// `failover-postgresql.sh lost` before an ssh that answers as three members do, one of them dead.
@Suite struct FailoverTests {
  private static let ssh = #"""
    #!/bin/bash
    # What the host's shell is to run comes in base64, after the options and the address.
    [[ $* =~ echo\ ([A-Za-z0-9+/=]+)\ \| ]] || exit 64
    sent="${*%% exec sh *} $(base64 -d <<<"${BASH_REMATCH[1]}" | tr '\n' ' ')"
    case $sent in
      *192.0.2.11*pg_waldump*) [[ $sent == *"'-s' '0/3000128'"* ]] || exit 65; eval "$OLD_LOG"; exit 1 ;;
      *192.0.2.11*postgresql-role*state*) [[ -z $OLD_IS_GONE ]] || exit 255; echo 'stopped primary 1 7' ;;
      *192.0.2.11*pg_ctl*status*) exit 3 ;;
      *192.0.2.11*psql*) exit 2 ;;
      *192.0.2.11*) [[ -z $OLD_IS_GONE ]] || exit 255 ;;
      *pg_waldump*) [[ $sent == *"'-s' '0/3000000'"* ]] || exit 65; eval "$NEW_LOG"; exit 1 ;;
      *192.0.2.13*postgresql-role*state*) echo "${OTHER:-running} standby 1 7" ;;
      *postgresql-role*state*) echo 'running standby 1 7' ;;
      *pg_last_xact_replay_timestamp*) echo '2026-11-24 20:00:00.5+00' ;;
      *wal_segment_size*) echo 0/3000000 ;;
      *pg_ls_waldir*) echo 1 ;;
      *::pg_lsn*) echo t ;;
      *pg_is_in_recovery*) echo t ;;
      *pg_last_wal_receive_lsn*) echo 0/3000150 ;;
    esac
    """#

  /// As pg_waldump 15 says it: places in records have eight digits at least, in errors they have not.
  private static func commit(_ place: String) -> String {
    "echo 'rmgr: Transaction len (rec/tot):     34/    34, tx:        725, lsn: 0/\(place), prev 0/03000100, desc: COMMIT 2026-11-24 20:00:00 UTC'"
  }
  private static func end(_ place: String) -> String {
    "echo 'pg_waldump: error: error in WAL record at 0/\(place): invalid record length at 0/3000200: wanted 24, got 0' >&2"
  }
  private static let common = [commit("030000A8"), commit("03000128"), end("3000128")].joined(separator: "; ")

  /// What it says before it asks whether to promote; the answer is no.
  private func lost(oldLog: [String], newLog: String = common, isGone: Bool = false) throws -> String {
    let story = try lost(
      ["OLD_LOG=" + oldLog.joined(separator: "; "), "NEW_LOG=" + newLog, "OLD_IS_GONE=" + (isGone ? "1" : "")],
      input: isGone ? "maas-1 is off\n" : "")
    #expect(story.contains("stopped at your word"), "\(story)")
    return story
  }

  private func lost(_ environment: [String], input: String = "") throws -> String {
    try withScratchDirectory { root in
      let example = try #require(ExampleFile.all.first { $0.name == "three-node" })
      for file in try bundle(example.text()).files where file.path == "runbook/failover-postgresql.sh" {
        try Data(file.text.utf8).write(to: root.appending(path: "failover.sh"))
      }
      try Data(Self.ssh.utf8).write(to: root.appending(path: "ssh"))
      let result = try run(
        "/usr/bin/env",
        ["MAASC_SSH=bash \(root.path)/ssh"] + environment + ["bash", root.appending(path: "failover.sh").path, "lost", "maas-2"],
        input: Array(input.utf8))
      #expect(result.status == 1, "\(result.story)")
      return result.story
    }
  }

  /// It was fenced like the old primary, and what it alone had received was passed over.
  @Test func aStandbyThatDoesNotAnswerStopsIt() throws {
    let story = try lost(["OTHER=unknown"])
    #expect(story.contains("maas-3 is a standby that does not answer") && !story.contains("is fenced"), "\(story)")
  }

  @Test func itCountsWhatTheOldPrimaryAloneHas() throws {
    let two = try lost(oldLog: [Self.commit("03000128"), Self.end("30001A8"), Self.commit("03000160"), Self.commit("030001A8")])
    #expect(two.contains("maas-1 committed 2 transactions that maas-2 has not received"), "\(two)")
    let none = try lost(oldLog: [Self.commit("03000128"), Self.end("3000128")])
    #expect(none.contains("maas-1 committed 0 transactions that maas-2 has not received"), "\(none)")
  }

  /// No transaction found in a log that was not read is no statement that none is lost.
  @Test(arguments: [
    "echo 'pg_waldump: error: could not find file \"000000010000000000000003\": No such file or directory' >&2",
    "echo 'pg_waldump: error: could not find a valid record after 0/3000128' >&2",
    "echo 'env: /usr/lib/postgresql/16/bin/pg_waldump: No such file or directory' >&2",
    ":",
  ]) func aLogThatCannotBeReadIsNoZero(complaint: String) throws {
    let sentence = "what maas-1 committed after 2026-11-24 20:00:00.5+00 is lost; how much cannot be counted"
    for story in [try lost(oldLog: [complaint]), try lost(oldLog: [Self.common], newLog: complaint), try lost(oldLog: [":"], isGone: true)] {
      #expect(story.contains(sentence) && !story.contains("transactions that"), "\(story)")
    }
  }
}
