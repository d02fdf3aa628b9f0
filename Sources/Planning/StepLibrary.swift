package import Formats

/// The shell functions that step scripts share. They are inlined, so that each step is one self-contained file; what a step does not call is left out.
///
/// A step's code may use them and `$FILES` (this host's files in the bundle), `$STATE` (notes of maasc on the host, root only) and
/// `$SECRETS` (a tmpfs folder with one file for each secret, root only).
package enum StepLibrary {
  package struct Function: Sendable {
    package var name: String
    package var code: Shell
  }

  /// In an order in which each needs only earlier ones.
  package static let functions: [Function] = blocks(source + "\n" + MAASShell.source).map { block in
    Function(name: String(block.prefix { $0 != "(" }), code: Shell(raw: block))
  }

  /// The functions that `code` calls, and those that they call, in the library's order.
  package static func needed(by code: Shell) -> [Function] {
    var isNeeded = Array(repeating: false, count: functions.count)
    for function in calls(in: code.code) { isNeeded[function] = true }
    for index in functions.indices.reversed() where isNeeded[index] {
      for function in calls[index] { isNeeded[function] = true }
    }
    return functions.indices.filter { isNeeded[$0] }.map { functions[$0] }
  }

  /// What each function mentions, by its place in the library.
  private static let calls: [[Int]] = functions.map { calls(in: $0.code.code) }

  /// Names of functions and their places, by their length: each word of every step is looked up here.
  private static let names: [[(name: [UInt8], place: Int)]] = {
    let names = functions.map { Array($0.name.utf8) }
    var result: [[(name: [UInt8], place: Int)]] = Array(repeating: [], count: (names.map(\.count).max() ?? 0) + 1)
    for (place, name) in names.enumerated() { result[name.count].append((name, place)) }
    return result
  }()

  private static func calls(in text: String) -> [Int] {
    var result: [Int] = []
    forEachWord(in: text) { word in
      guard word.count < names.count else { return }
      for candidate in names[word.count] where candidate.name.elementsEqual(word) { result.append(candidate.place) }
    }
    return result
  }

  /// True when `code` holds `word` as a word of its own.
  package static func mentions(_ code: String, _ word: String) -> Bool {
    var isThere = false
    forEachWord(in: code) { isThere = isThere || $0.count == word.utf8.count && $0.elementsEqual(word.utf8) }
    return isThere
  }

  /// Everything that could be the name of a command.
  private static func forEachWord(in text: String, _ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      for end in 0...bytes.count where end == bytes.count || !isWord(bytes[end]) {
        if start < end { body(bytes[start..<end]) }
        start = end + 1
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 45
  }

  private static func blocks(_ text: String) -> [String] {
    var blocks: [[Substring]] = []
    for line in text.split(separator: "\n") {
      if line.first?.isLetter == true { blocks.append([line]) } else { blocks[blocks.count - 1].append(line) }
    }
    return blocks.map { $0.joined(separator: "\n") }
  }

  private static let source = #"""
    say() { printf '%s\n' "$*"; }
    fail() { printf '%s\n' "$*" >&2; exit 1; }
    unit_active() { systemctl is-active --quiet "$1"; }
    packages_installed() { local name; for name; do [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>&1) == installed ]] || return 1; done; }
    wait_until() { # SECONDS TEXT CMD...
      local deadline=$((SECONDS + $1)) text=$2 output; shift 2
      until output=$("$@" 2>&1); do
        ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
        sleep 1
      done
    }
    secret() { # NAME
      [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
      cat "$SECRETS/$1"
    }
    filled() { # PATH: each placeholder replaced, escaped for double quotes
      local rest done='' value
      rest=$(cat "$FILES$1" && printf x) || return 1
      while [[ $rest =~ @maasc:([^@]+)@ ]]; do
        value=$(secret "${BASH_REMATCH[1]}" | sed 's/[\\"]/\\&/g' && printf x) || return 1
        done+=${rest%%"${BASH_REMATCH[0]}"*}${value%x} rest=${rest#*"${BASH_REMATCH[0]}"}
      done
      printf '%s' "$done${rest%x}"
    }
    owned() { [[ -f $1 && ! -L $1 && $(stat -c %U:%G:%a "$1") == "$2:$3:$(printf %o "0$4")" ]]; } # PATH OWNER GROUP MODE
    draft() { # PATH OWNER GROUP MODE: the filled file beside PATH, its mode first
      install -D -o "$2" -g "$3" -m "$4" /dev/null "$1.maasc-new"
      filled "$1" >"$1.maasc-new" || exit 1
    }
    replace() { # PATH: the draft takes its place, the old one stays as PATH.prev
      [[ ! -e $1 ]] || ln -fn "$1" "$1.prev"
      mv -fT "$1.maasc-new" "$1"
      say "installed $1"
    }
    flat() { # one line for each value of a flat YAML file, unquoted: "key: value", "key: - item"
      awk '/^#/ { next } match($0, /^[^ :-][^ :]*:/) { key = substr($0, 1, RLENGTH); $0 = substr($0, RLENGTH + 1) }
        { sub(/^ +/, ""); sub(/ +$/, ""); if ($0 == "") next; dash = sub(/^- +/, "") ? "- " : "" }
        /^".*"$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\\"/, "\""); gsub(/\\\\/, "\\") }
        /^\047.*\047$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\047\047/, "\047") } { print key " " dash $0 }'
    }
    file_current() { owned "$@" && filled "$1" | cmp -s - "$1"; } # PATH OWNER GROUP MODE
    merged_current() { # PATH OWNER GROUP MODE: our keys have our values
      owned "$@" && awk 'NR == FNR { want[$1] = want[$1] $0 RS; next } { have[$1] = have[$1] $0 RS }
        END { for (key in want) if (want[key] != have[key]) exit 1 }' <(filled "$1" | flat) <(flat <"$1")
    }
    install_file() { # PATH OWNER GROUP MODE [CHECK...]
      if file_current "${@:1:4}"; then return; fi
      draft "$@"
      (($# == 4)) || "${@:5}" "$1.maasc-new" || fail "$1: refused by $5, the old file stays"
      replace "$1"
      install -D -m 600 "$1" "$STATE/installed$1" # deploy.sh compares with it before it overwrites
    }
    merge_file() { # PATH OWNER GROUP MODE: our keys replace theirs, other keys stay
      if merged_current "$@"; then return; fi
      draft "$@"
      [[ ! -f $1 ]] || awk '!/^#/ && match($0, /^[^ :-][^ :]*:/) { key = substr($0, 1, RLENGTH); if (NR == FNR) ours[key] = 1 }
        NR > FNR && !/^#/ && !(key in ours)' "$FILES$1" "$1" >>"$1.maasc-new"
      replace "$1"
    }
    restore_file() { rm -f "$STATE/installed$1"; if [[ -e $1.prev ]]; then mv -fT "$1.prev" "$1"; else rm -f "$1"; fi; } # PATH
    """#
}
