import Formats
import Planning

extension PlannedFile {
  /// True for a file that is not whole before a secret's value is put in.
  var holdsSecrets: Bool { !secrets.isEmpty || content.text.holds("@maasc:") }
}
