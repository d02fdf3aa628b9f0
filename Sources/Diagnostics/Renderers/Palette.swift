/// Colours a part of the text for a terminal, or leaves it as it is.
struct Palette {
  enum Role {
    case severity(Severity), emphasis, frame
  }

  let isColored: Bool

  func paint(_ text: String, _ role: Role) -> String {
    guard isColored, !text.isEmpty else { return text }
    return "\u{1B}[\(Self.code(role))m\(text)\u{1B}[0m"
  }

  private static func code(_ role: Role) -> String {
    switch role {
    case .severity(.error): "1;31"
    case .severity(.warning): "1;33"
    case .severity(.hint): "1;36"
    case .emphasis: "1"
    case .frame: "1;34"
    }
  }
}
