private import ParallaxCore

/// Waits until something is so, which may take long on a busy machine.
///
/// - Parameter what: what is waited for, in words.
/// - Throws: `provider` naming what has not come within half an hour; what `condition` throws.
package func eventually(
  _ what: String, _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(1_800)
  while try await !condition() {
    guard ContinuousClock.now < end else {
      throw ParallaxError(.provider, "waited in vain for \(what)")
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}
