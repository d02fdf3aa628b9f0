import Diagnostics

extension RuleID {
  static let duplicateKey = RuleID(102)
  static let unknownKey = RuleID(103)
  static let wrongKind = RuleID(104)
  static let badValue = RuleID(105)
  static let undefinedReference = RuleID(106)
  static let unusedEntry = RuleID(108)
  static let missingKey = RuleID(110)
}
