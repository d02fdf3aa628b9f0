import Diagnostics

extension RuleID {
  static let yamlSyntax = RuleID(101)
  static let duplicateKey = RuleID(102)
  static let wrongKind = RuleID(104)
  static let limits = RuleID(107)
}
