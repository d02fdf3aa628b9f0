extension Ansible {
  /// The first play: every host gets its part of the bundle, if that may go there, in one piece. Ansible's own copy of a folder asks the host
  /// about every single file, which takes minutes, and leaves files of earlier bundles there.
  static func handOut(secrets: String) -> [String] {
    lines(
      #"""
      - name: Hand out the bundle
        hosts: all
        gather_facts: false
        any_errors_fatal: true
        vars:
          pack: tar --sort=name --mtime=@0 --owner=0 --group=0 -czf - . | base64 -w 0
          maasc_secrets: SECRETS
          maasc_git: "git -C {{ (playbook_dir ~ '/..') | quote }}"
          maasc_past: "{{ maasc_history.stdout_lines | map('split') | list }}"
          maasc_turn: "{{ maasc_commit != '-' and maasc_past and maasc_commit != maasc_past[-1][1] }}"
          maasc_ancestor: "{{ maasc_git }} merge-base --is-ancestor {{ maasc_commit | quote }} {{ maasc_past[-1][1] | quote }} 2>&1"
        tasks:
          - name: This run, and the bundle as it was compiled
            ansible.builtin.set_fact:
              maasc_run: "{{ lookup('ansible.builtin.pipe', 'echo \"$(id -un)@$(uname -n).ansible-$(date +%s)-$$\"') }}"
              maasc_digest: "{{ lookup('ansible.builtin.pipe', 'cd ' ~ (playbook_dir | quote) ~ '/.. && ' ~ sums).split() | first }}"
              maasc_commit: "{{ lookup('ansible.builtin.pipe', maasc_git ~ ' rev-parse --verify --quiet HEAD 2>&1 || echo -').split() | last }}"
              maasc_bundle: "{{ '/run/maasc/bundle' if ansible_check_mode else '/var/lib/maasc/bundle' }}"
            vars:
              sums: sha256sum --check --quiet --strict SHA256SUMS >&2 && sha256sum <SHA256SUMS
            run_once: true
          - name: Secrets are there and survive every program that reads them
            ansible.builtin.assert:
              that: "lookup('ansible.builtin.vars', item.variable) is match(item.pattern)"
              quiet: true
            loop: "{{ maasc_secrets }}"
            no_log: true
            run_once: true
          - name: Folder of the run
            ansible.builtin.file:
              path: /run/maasc
              state: directory
              owner: root
              group: root
              mode: "0700"
            changed_when: false
            check_mode: false
          - name: Program of the run
            ansible.builtin.copy:
              src: host.sh
              dest: "/run/maasc/{{ maasc_run }}.sh"
              owner: root
              group: root
              mode: "0600"
            changed_when: false
            check_mode: false
          - name: Hand out
            block:
              - name: Lock
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", claim, "{{ maasc_run }}", "900"]
                changed_when: false
                check_mode: false
              - name: Bundles that were deployed here
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", history]
                register: maasc_history
                changed_when: false
                check_mode: false
              - name: No newer bundle was deployed here
                ansible.builtin.assert:
                  that: >-
                    maasc_allow_older | default(false) | bool or not maasc_past or maasc_past[-1][0] == maasc_digest
                    or (maasc_digest not in maasc_past | map('first')
                    and not (maasc_turn | bool and lookup('ansible.builtin.pipe', maasc_ancestor ~ ' && echo older || true') == 'older'))
                  fail_msg: a newer bundle than this was deployed here; give -e maasc_allow_older=true if going back is meant
                  quiet: true
              - name: This host's part of the bundle
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", receive, "{{ maasc_bundle }}"]
                  stdin: "{{ lookup('ansible.builtin.pipe', 'cd ' ~ (playbook_dir ~ '/../hosts/' ~ inventory_hostname) | quote ~ ' && ' ~ pack) }}"
                register: maasc_received
                changed_when: maasc_received.stdout == 'replaced' and not ansible_check_mode
                check_mode: false
              - name: Files that somebody changed
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", drift, "{{ maasc_bundle }}"]
                register: maasc_drift
                changed_when: false
                check_mode: false
              - name: No file was changed
                ansible.builtin.assert:
                  that: maasc_overwrite | default(false) | bool or ansible_check_mode or not maasc_drift.stdout
                  fail_msg: "take these changes into the topology, or give -e maasc_overwrite=true: {{ maasc_drift.stdout }}"
                  quiet: true
              - name: Note which bundle is being deployed
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", note, "{{ maasc_digest }}", "{{ maasc_commit }}"]
                changed_when: false
            always:
              - name: Unlock
                ansible.builtin.command:
                  argv: [bash, "/run/maasc/{{ maasc_run }}.sh", release, "{{ maasc_run }}"]
                changed_when: false
                check_mode: false
      """#.replacing("SECRETS", with: secrets)) + step
  }

  /// The tasks of a step, used by every later play: lock, secrets in, check, apply if needed, verify, secrets out, unlock.
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
            host: [bash, "/run/maasc/{{ maasc_run }}.sh"]
            place: ["{{ step.timeout }}", "{{ maasc_run }}", "{{ maasc_bundle }}"]
            dry: "{{ 'dry' if ansible_check_mode else 'no' }}"
          block:
            - name: Lock
              ansible.builtin.command:
                argv: "{{ host + ['claim', maasc_run, 3 * step.timeout + 300] + ([] if ansible_check_mode else [maasc_digest]) }}"
              changed_when: false
              check_mode: false
            - name: Secrets
              ansible.builtin.command:
                argv: "{{ host + ['store', item.name, item.charset, dry] }}"
                stdin: "{{ lookup('ansible.builtin.vars', item.variable) }}"
                stdin_add_newline: false
              loop: "{{ step.secrets }}"
              no_log: true
              changed_when: false
              check_mode: false
            - name: Secrets that only the host can read
              ansible.builtin.command:
                argv: "{{ host + ['read', item.name, item.charset] + item.command }}"
              loop: "{{ step.own }}"
              no_log: true
              changed_when: false
              check_mode: false
            - name: Check
              ansible.builtin.command:
                argv: "{{ ['setsid', '-w'] + host + ['step', 'check', step.name] + place }}"
              register: maasc_check
              changed_when: false
              failed_when: maasc_check.rc not in [0, 10]
              check_mode: false
            - name: What would change
              ansible.builtin.command:
                argv: "{{ ['setsid', '-w'] + host + ['step', 'plan', step.name] + place }}"
              register: maasc_plan
              when: ansible_check_mode and maasc_check.rc == 10
              changed_when: maasc_plan.rc == 10
              failed_when: maasc_plan.rc not in [0, 10]
              check_mode: false
            - name: Secrets for one use
              ansible.builtin.command:
                argv: "{{ host + ['store', item.name, item.charset, dry] }}"
                stdin: "{{ lookup('ansible.builtin.vars', item.variable) }}"
                stdin_add_newline: false
              loop: "{{ step.late }}"
              when: maasc_check.rc == 10 and not ansible_check_mode
              no_log: true
              changed_when: false
            - name: Secrets for one use that only the host can read
              ansible.builtin.command:
                argv: "{{ host + ['read', item.name, item.charset] + item.command }}"
              loop: "{{ step.own_late }}"
              when: maasc_check.rc == 10 and not ansible_check_mode
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
              when: maasc_check.rc == 10 and not ansible_check_mode
            - name: Apply
              ansible.builtin.command:
                argv: "{{ ['setsid', '-w'] + host + ['step', 'apply', step.name] + place }}"
              when: maasc_check.rc == 10
              changed_when: true
            - name: Verify
              ansible.builtin.command:
                argv: "{{ ['setsid', '-w'] + host + ['step', 'verify', step.name] + place }}"
              changed_when: false
          always:
            - name: Wipe the secrets and unlock
              ansible.builtin.command:
                argv: "{{ host + ['release', maasc_run] }}"
              changed_when: false
              check_mode: false
    """#)

  /// The last play: a deployment is done when verify.sh finds no difference on any host.
  static let verify = lines(
    #"""

    - name: No host differs from the bundle
      hosts: all
      gather_facts: false
      tasks:
        - name: Verify
          ansible.builtin.command:
            argv: [bash, "/run/maasc/{{ maasc_run }}.sh", verify, "{{ maasc_bundle }}"]
          register: maasc_verify
          until: maasc_verify is succeeded
          retries: 12
          delay: 5
          changed_when: false
        - name: Traces of the run
          ansible.builtin.file:
            path: "{{ item }}"
            state: absent
          loop: ["/run/maasc/{{ maasc_run }}.sh", /run/maasc/bundle]
          changed_when: false
          check_mode: false
    """#)

  private static func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}
