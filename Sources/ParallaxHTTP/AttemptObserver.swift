/// Told of every attempt of a request, so that what it costs is known whatever comes of it.
///
/// After ``begin()`` exactly one thing happens: the reply is accepted, which the sender of the request
/// sees, or one of the other two methods is called.
package protocol AttemptObserver: Sendable {
  /// Just before the request goes out.
  ///
  /// - Throws: what forbids it; nothing is sent then.
  func begin() throws

  /// The service did not do the work: it refused, or was never reached.
  func wasRefused()

  /// No whole answer came, though the work may have been done.
  func wasLost()
}
