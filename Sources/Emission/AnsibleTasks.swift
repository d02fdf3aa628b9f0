extension Ansible {
  /// The first play: every host gets its part of the bundle in one piece, whole old or whole new. Ansible's own copy of a folder asks the host
  /// about every single file, which takes minutes, and leaves files of earlier bundles there.
  static let handOut =
    lines(
      #"""
      - name: Hand out the bundle
        hosts: all
        gather_facts: false
        any_errors_fatal: true
        vars:
          pack: tar --sort=name --mtime=@0 --owner=0 --group=0 -czf - . | base64 -w 0
          receive: |-
            bundle=/var/lib/maasc/bundle
            rm -rf "$bundle.new" "$bundle.old"
            install -d -m 700 "${bundle%/*}" "$bundle.new"
            base64 -d | tar -C "$bundle.new" --no-same-owner -xzf -
            if diff -rq "$bundle.new" "$bundle" >/dev/null 2>&1; then rm -rf "$bundle.new"; exit; fi
            [[ ! -e $bundle ]] || mv -T "$bundle" "$bundle.old"
            mv -T "$bundle.new" "$bundle"
            rm -rf "$bundle.old"
            echo replaced
        tasks:
          - name: This host's part of the bundle
            ansible.builtin.command:
              argv: [bash, -euo, pipefail, -c, "{{ receive }}"]
              stdin: "{{ lookup('ansible.builtin.pipe', 'cd ' ~ (playbook_dir ~ '/../hosts/' ~ inventory_hostname) | quote ~ ' && ' ~ pack) }}"
            register: maasc_bundle
            changed_when: maasc_bundle.stdout == 'replaced'
            check_mode: false
      """#) + step

  /// The tasks of a step, used by every later play: secrets in, check, apply if needed, verify, secrets out.
  ///
  /// A step has a session of its own: `timeout` puts it into the background of any terminal that Ansible asked for, where what apt does to the
  /// terminal would stop it for ever.
  private static let step = lines(
    #"""

    - name: Steps
      hosts: all
      gather_facts: false
      vars:
        maasc_steps: {}
      tasks: &step
        - name: Step
          when: inventory_hostname in maasc_steps
          vars:
            step: "{{ maasc_steps[inventory_hostname] }}"
            store: 'umask 077; mkdir -p /run/maasc/secrets; cat >"/run/maasc/secrets/$0"'
            read: |-
              umask 077
              mkdir -p /run/maasc/secrets
              value=$("${@:2}" && printf x)
              value=${value%x}
              if [[ $1 != text ]]; then while [[ $value == *[$'\r\n'] ]]; do value=${value%?}; done; fi
              if [[ $1 == unreserved ]]; then [[ $value =~ ^[A-Za-z0-9._~-]+$ ]]; fi
              [[ -n $value ]]
              printf '%s' "$value" >"/run/maasc/secrets/$0"
          block:
            - name: Secrets are there and survive every program that reads them
              ansible.builtin.assert:
                that: "lookup('ansible.builtin.vars', item.variable) is match(item.pattern)"
                quiet: true
              loop: "{{ step.secrets }}"
              no_log: true
            - name: Secrets
              ansible.builtin.command:
                argv: [sh, -c, "{{ store }}", "{{ item.name }}"]
                stdin: "{{ lookup('ansible.builtin.vars', item.variable) }}"
                stdin_add_newline: false
              loop: "{{ step.secrets }}"
              no_log: true
              changed_when: false
              check_mode: false
            - name: Secrets that only the host can read
              ansible.builtin.command:
                argv: "{{ ['bash', '-euc', read, item.name, item.charset] + item.command }}"
              loop: "{{ step.own }}"
              no_log: true
              changed_when: false
              check_mode: false
            - name: Check
              ansible.builtin.command:
                argv: [setsid, -w, timeout, "{{ step.timeout }}", bash, "/var/lib/maasc/bundle/steps/{{ step.file }}", check]
              register: maasc_check
              changed_when: false
              failed_when: maasc_check.rc not in [0, 10]
              check_mode: false
            - name: Secrets for one use
              ansible.builtin.command:
                argv: [sh, -c, "{{ store }}", "{{ item.name }}"]
                stdin: "{{ lookup('ansible.builtin.vars', item.variable) }}"
                stdin_add_newline: false
              loop: "{{ step.late }}"
              when: maasc_check.rc == 10
              no_log: true
              changed_when: false
            - name: Folders that the host cannot fetch by itself
              ansible.builtin.copy:
                src: "{{ item.source }}/"
                dest: "{{ item.destination }}/"
                owner: root
                group: root
                mode: "0600"
                directory_mode: "0700"
              loop: "{{ step.folders }}"
              when: maasc_check.rc == 10
            - name: Apply
              ansible.builtin.command:
                argv: [setsid, -w, timeout, "{{ step.timeout }}", bash, "/var/lib/maasc/bundle/steps/{{ step.file }}", apply]
              when: maasc_check.rc == 10
            - name: Verify
              ansible.builtin.command:
                argv: [setsid, -w, timeout, "{{ step.timeout }}", bash, "/var/lib/maasc/bundle/steps/{{ step.file }}", verify]
              changed_when: false
          always:
            - name: Wipe the secrets
              ansible.builtin.file:
                path: /run/maasc/secrets
                state: absent
              changed_when: false
              check_mode: false
    """#)

  private static func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}
