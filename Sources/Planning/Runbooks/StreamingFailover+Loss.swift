import Formats

extension StreamingFailover {
  /// What the target lacks, counted in the old primary's own log. A log that cannot be read says nothing of it: then time is the bound.
  var loss: Shell {
    guard !isSynchronous else { return "loss() { say 'replication is synchronous: no acknowledged write is lost'; }" }
    return .lines([lostCommits, Self.report])
  }

  /// Where a log ends, pg_waldump calls it an error in the WAL record before that. After any other error the log was not read.
  private var lostCommits: Shell {
    """
    commits() { # HOST TIMELINE LSN: where each commit in its log begins, from LSN on
      { as_postgres "$1" "$BIN/pg_waldump" -r Transaction -p "$DATA/pg_wal" -t "$2" -s "$3" 2>"$WORK/log-end" || true; } |
        sed -nE 's|.* lsn: ([0-9A-F]+)/0*([0-9A-F]+), .* desc: COMMIT.*|\\1/\\2|p'
    }
    last_record() { sed -nE 's|.*error in WAL record at ([0-9A-F]+)/0*([0-9A-F]+):.*|\\1/\\2|p' "$WORK/log-end"; } # where it begins, if the log was read
    lost_commits() { # TARGET HOST TIMELINE: how many HOST alone has; fails if the logs do not tell
      local begin have found
      begin=$(sql "$1" "select '0/0'::pg_lsn + div('$(received "$1")' - '0/0'::pg_lsn - 1, size) * size
        from pg_size_bytes(current_setting('wal_segment_size')) size")
      commits "$1" "$3" "$begin" >/dev/null
      have=$(last_record)
      [[ -n $have ]] || return 1
      # Both have this record; what stands behind it in the log of HOST is lost.
      found=$(commits "$2" "$3" "$have")
      [[ -n $(last_record) ]] || return 1
      awk -v have="$have" '$1 != "" && $1 != have { count++ } END { print count + 0 }' <<<"$found"
    }
    """
  }

  private static let report: Shell = """
    loss() { # TARGET, and `states` of its caller
      local member line count last
      last=$(sql "$1" 'select pg_last_xact_replay_timestamp()')
      for member in "${FENCED[@]}"; do
        read -r _ _ line _ <<<"${states[$member]}"
        if [[ -n $line ]] && count=$(lost_commits "$1" "$member" "$line"); then
          say "$member committed $count transactions that $1 has not received"
        else
          say "what $member committed after ${last:-the last transaction that $1 knows} is lost; how much cannot be counted, its log cannot be read"
        fi
      done
    }
    """
}
