import Formats

extension DeployScript {
  /// What runs on a host, whoever drives the run: deploy.sh sends these functions as text, and Ansible has them in a script of its own.
  static let remote = Shell(
    raw: #"""
      accept() { # NAME CHARSET: passes a value on if every program that reads it survives it
        local value
        value=$(cat && printf x) || return 1
        value=${value%x}
        if [[ $2 == text ]]; then printf '%s' "$value"; [[ -n $value ]]; return; fi
        while [[ $value == *$'\n' || $value == *$'\r' ]]; do value=${value%?}; done
        if [[ -z $value ]]; then echo "the secret $1 is empty" >&2; return 1; fi
        if [[ $2 == unreserved && ! $value =~ ^[A-Za-z0-9._~-]+$ ]]; then
          echo "the secret $1 may hold only letters, digits and . _ ~ -, because several programs read it without quotes" >&2
          return 1
        fi
        printf '%s' "$value"
      }
      remote_receive() { # PATH: the host's part of the bundle from standard input; whole old or whole new
        rm -rf "$1.new" "$1.old"
        install -d -m 700 "$1.new"
        tar -C "$1.new" --no-same-owner -xf -
        [[ ! -e $1 ]] || mv -T "$1" "$1.old"
        mv -T "$1.new" "$1"
        rm -rf "$1.old"
      }
      remote_drift() { # BUNDLE: what was changed here since the last run installed it, and is not what this bundle wants
        local path record=/var/lib/maasc/installed
        [[ -d $record ]] || return 0
        find "$record" -type f -printf '%P\n' | sort | while IFS= read -r path; do
          if [[ ! -e /$path ]] || cmp -s "$record/$path" "/$path"; then continue; fi
          if cmp -s "$1/files/$path" "/$path"; then install -m 600 "/$path" "$record/$path"; continue; fi
          if grep -q '@maasc:' "$1/files/$path" 2>/dev/null; then
            echo "/$path was changed; it holds secrets, so compare it there with $record/$path"
          else
            diff -u --label "/$path as deployed" --label "/$path as it is" "$record/$path" "/$path" || true
          fi
        done
      }
      remote_history() { # the bundles that were deployed here, oldest first: DIGEST COMMIT
        cat /var/lib/maasc/deployed 2>/dev/null || true
      }
      remote_note() { # DIGEST COMMIT: this bundle is being deployed
        if [[ $(tail -n 1 /var/lib/maasc/deployed 2>/dev/null) != "$1 "* ]]; then (umask 022; echo "$1 $2" >>/var/lib/maasc/deployed); fi
      }
      remote_store() { # NAME: standard input becomes the secret's file
        umask 077
        mkdir -p /run/maasc/secrets
        cat >"/run/maasc/secrets/.$1"
        mv "/run/maasc/secrets/.$1" "/run/maasc/secrets/$1"
      }
      remote_read() { # NAME CHARSET CMD...: a secret that only this host can read
        "${@:3}" | accept "$1" "$2" | remote_store "$1"
      }
      remote_verify() { # BUNDLE
        bash "$1/verify.sh"
      }
      remote_step() { # VERB STEP SECONDS RUN BUNDLE
        [[ $(cat /run/maasc/run 2>/dev/null) == "$4" ]] || { echo "the lock of this host was lost: the connection was down for too long" >&2; return 1; }
        flock -o -w 30 -E 75 /run/maasc/step timeout -k 10 "$3" bash "$5/steps/$2.sh" "$1"
      }
      """#)
}
