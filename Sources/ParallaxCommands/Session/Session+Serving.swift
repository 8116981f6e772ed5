extension Session {
  /// Waits until Ctrl-C, or until the system asks the program to end.
  func untilEnded() async {
    takeTermination?(true)
    defer { takeTermination?(false) }
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
  }
}
