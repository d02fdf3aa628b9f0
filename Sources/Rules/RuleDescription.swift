package import Diagnostics

extension Rule {
  /// What the report formats and `maasc rules` tell about this rule.
  package var description: RuleDescription {
    // Of Markdown, the rules use code spans alone.
    RuleDescription(id: id, name: name, severity: severity, summary: summary, why: why, helpText: why.filter { $0 != "`" })
  }
}
