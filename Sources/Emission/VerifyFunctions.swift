import Formats
import Planning

extension VerifyScript {
  /// One function for each kind of thing that is compared.
  static let functions = Shell(
    raw: #"""
      FILES=$(cd "$(dirname "$0")/files" && pwd)
      CHECKS=0 DIFFERENCES=0 LINES=''
      json() { # TEXT: in quotes
        local text=${1//\\/\\\\}
        text=${text//\"/\\\"} text=${text//$'\n'/\\n}
        printf '"%s"' "${text//[[:cntrl:]]/ }"
      }
      result() { # KIND NAME DIFFERENCE: none if it is empty
        CHECKS=$((CHECKS + 1))
        if [[ -n $3 ]]; then DIFFERENCES=$((DIFFERENCES + 1)); fi
        if [[ $FORM == --json ]]; then
          LINES+=,"{\"kind\":\"$1\",\"name\":$(json "$2"),\"ok\":$([[ -n $3 ]] && echo false || echo true),\"difference\":$(json "$3")}"
        elif [[ -n $3 ]]; then
          printf '%s %s: %s\n' "$1" "$2" "$3"
        fi
      }
      owner() { # PATH OWNER GROUP MODE: how it differs in them
        local found
        if [[ ! -e $1 ]]; then echo "is missing"; return; fi
        found=$(stat -c '%U:%G %a' "$1")
        [[ $found == "$2:$3 $4" ]] || echo "belongs to $found, wanted is $2:$3 $4"
      }
      whole() { # PATH OWNER GROUP MODE: a file of ours
        local difference
        difference=$(owner "$@")
        if [[ -z $difference ]] && ! cmp -s "$FILES$1" "$1"; then
          difference="content differs"$'\n'"$(diff -u --label compiled --label "$1" "$FILES$1" "$1")"
        fi
        result file "$1" "$difference"
      }
      filled() { # PATH OWNER GROUP MODE: a file of ours that holds secrets, so it is compared with what the last deployment made of it
        local difference
        difference=$(owner "$@")
        if [[ -z $difference && ! -e /var/lib/maasc/installed$1 ]]; then
          difference="was not installed by this bundle"
        elif [[ -z $difference ]] && ! cmp -s "/var/lib/maasc/installed$1" "$1"; then
          difference="content is not what was installed"
        fi
        result file "$1" "$difference"
      }
      merged() { # PATH OWNER GROUP MODE: a file that MAAS writes too, so our keys are compared, but for secrets
        local difference elsewhere=@maasc:
        difference=$(owner "$@")
        # `maas config-vault migrate` takes these keys out of regiond.conf.
        if \#(VaultRole.isConfigured.code) "$1"; then elsewhere+='|^database_(name|user): '; fi
        if [[ -z $difference ]]; then
          difference=$(comm -23 <(flat <"$FILES$1" | grep -Ev "$elsewhere" | sort) <(flat <"$1" | sort) | sed 's/^/wanted is /')
        fi
        result file "$1" "$difference"
      }
      service() { # UNIT enabled|any|boot: it runs; one for the boot only need not
        local difference='' active enabled
        if [[ $2 != boot ]]; then active=$(systemctl is-active "$1" 2>/dev/null) || difference="is ${active:-unknown}, wanted is active"; fi
        if [[ -z $difference && $2 != any ]]; then
          enabled=$(systemctl is-enabled "$1" 2>/dev/null) || difference="is ${enabled:-not known}, wanted is enabled at boot"
        fi
        result service "$1" "$difference"
      }
      socket() { # tcp|udp ADDRESS|any FIRST LAST SERVICE: something listens on one of the ports
        local found
        found=$(ss -Hln "--$1" "sport >= :$3 and sport <= :$4" | awk -v want="$2" '{ local = $4; sub(/:[0-9]+$/, "", local); gsub(/[][]|%.*$/, "", local) }
          want == "any" || local == want || local == "*" || local == "0.0.0.0" || local == "::" { print; exit }')
        result socket "$5 on $1/$3${2:+ of $2}" "$([[ -n $found ]] || echo "nothing listens")"
      }
      probe() { # ID TITLE OUTPUT equals VALUE... | at-least NUMBER
        local name="$2" output difference='' value
        if [[ $3 != *. ]]; then result probe "$1" "$name: cannot tell"; return; fi
        output=${3%.} output=${output%$'\n'}
        if [[ $4 == at-least ]]; then
          [[ $output =~ ^[0-9]+$ ]] && ((output >= $5)) || difference="is $output, wanted is at least $5"
        else
          difference="is $output, wanted is $5"
          for value in "${@:5}"; do if [[ $output == "$value" ]]; then difference=''; fi; done
        fi
        result probe "$1" "${difference:+$name: $difference}"
      }
      """#)
}
