/// What goes into a model and what comes out, as its file or a session declares it.
struct OnnxSignature: Sendable, Hashable {
  /// The model's file, for messages.
  let path: String
  let inputs: [OnnxSession.Port]
  let outputs: [OnnxSession.Port]
}
