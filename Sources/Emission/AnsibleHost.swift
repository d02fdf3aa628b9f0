import Formats
import Planning

/// `ansible/host.sh`: what the playbook calls on each host, so that both ways to deploy lock, refuse, compare and store alike.
enum AnsibleHost {
  static func render(_ plan: Plan) -> String {
    let about = ["Called by playbook.yaml on every host; not meant to be run by hand.", "", ScriptText.origin(plan)]
    return ScriptText.file(about: about, code: Shell.lines([RunbookScript.settings, DeployScript.remote, own]))
  }

  /// A connection of Ansible ends with each task, so a process of its own holds the lock while a step is at work: the one that deploy.sh takes.
  private static let own: Shell = #"""
    hold() { # RUN: until it is released or its time is over; then the host is free and knows no secret any more
      trap 'rm -rf /run/maasc/secrets /run/maasc/run /run/maasc/until' EXIT
      trap 'exit 1' HUP INT TERM
      while [[ $(cat /run/maasc/run 2>&1) == "$1" ]] && (($(date +%s) < $(cat /run/maasc/until))); do sleep 0.2 9>&-; done
    }
    claim() { # RUN SECONDS [DIGEST]: one run at a time; with DIGEST, only while that bundle is the last one
      [[ $(stat -f -c %T /run) == tmpfs ]] || { echo "/run is not on tmpfs: secrets would touch the disk" >&2; return 1; }
      install -d -m 700 /run/maasc /var/lib/maasc
      exec 9>/run/maasc/lock
      flock -w 5 9 || { echo "another run holds this host: $(cat /run/maasc/run); a run of Ansible that died lets it go by itself in time" >&2; return 1; }
      if [[ -n ${3-} && $(tail -n 1 /var/lib/maasc/deployed) != "$3 "* ]]; then
        echo "another bundle was deployed here since this run began" >&2
        return 1
      fi
      rm -rf /run/maasc/secrets
      echo "$(($(date +%s) + $2))" >/run/maasc/until
      echo "$1" >/run/maasc/run
      setsid bash -c "$(declare -f hold); hold \"\$1\"" - "$1" </dev/null >/dev/null 2>&1 &
    }
    release() { # RUN
      [[ $(cat /run/maasc/run 2>&1) == "$1" ]] || return 0
      rm -f /run/maasc/run
      exec 9>/run/maasc/lock
      flock -w 10 9
    }
    receive() { # BUNDLE: the host's part of it from standard input; says whether anything in it is new
      local old=''
      [[ ! -d $1 ]] || old=$(cd "$1" && find . -type f -exec sha256sum {} + | sort)
      base64 -d | gzip -d | remote_receive "$1"
      if [[ $(cd "$1" && find . -type f -exec sha256sum {} + | sort) != "$old" ]]; then echo replaced; fi
    }
    store() { # NAME CHARSET DRY: standard input becomes the secret's file; a value that is not there yet does not stop a dry run
      local value
      value=$(cat && printf x)
      if [[ $3 == dry && $value == x ]]; then return; fi
      printf '%s' "${value%x}" | accept "$1" "$2" | remote_store "$1"
    }

    case ${1-} in
      claim) claim "${@:2}" ;;
      release) release "$2" ;;
      history) remote_history ;;
      receive) receive "$2" ;;
      drift) remote_drift "$2" ;;
      note) remote_note "${@:2}" ;;
      store) store "${@:2}" ;;
      read) remote_read "${@:2}" ;;
      step) remote_step "${@:2}" ;;
      verify) remote_verify "$2" ;;
      *) echo "usage: $0 claim | release | history | receive | drift | note | store | read | step | verify" >&2; exit 64 ;;
    esac
    """#
}
