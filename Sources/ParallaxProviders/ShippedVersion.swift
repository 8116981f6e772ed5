/// A version of the embedded model that comes with the program.
///
/// Spaces name the version that made them. So a version that was shipped once stays: whoever brings a
/// new one moves the files before it to a folder of their own and adds a line here.
struct ShippedVersion: Sendable, Hashable {
  /// As `mini@2` names it and its `config.json` does. The name of a space begins with a letter, so a
  /// number behind `@` is a version wherever it stands.
  let number: String
  /// What the identity of a space says of it: the number, and a digest over the files.
  let identity: String
  /// Of its files, among the shipped models; see ``ShippedModel/pins``.
  let folder: String
  /// Whether it has vectors of images as copies, under a task of their own.
  var knowsCopies = false

  /// The newest first. A test compares the identities with the files.
  static let all = [
    ShippedVersion(number: "4", identity: "4+cc6f9fc86120", folder: "mini", knowsCopies: true),
    ShippedVersion(number: "3", identity: "3+a859f574b24f", folder: "mini-3"),
    ShippedVersion(number: "2", identity: "2+271af212525f", folder: "mini-2"),
  ]
}
