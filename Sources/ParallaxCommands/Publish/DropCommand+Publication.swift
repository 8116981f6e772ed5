internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxWorkbench

extension DropCommand {
  /// Removes a table in an engine, and what is known of it here.
  @MainActor func dropPublication(
    of reference: SpaceReference, at address: EngineAddress, _ table: String?, takesOver: Bool,
    _ session: Session
  ) async throws -> CommandOutput {
    let dropped = try await session.bench.dropPublication(
      of: reference, at: address, named: table, takesOver: takesOver)
    guard dropped.wasThere else {
      throw ParallaxError(
        .unknownName,
        "'\(reference.text)' is not published as '\(dropped.name)' at '\(address.text)'",
        hint: "'list publications' shows what is")
    }
    return .note("removed '\(dropped.name)' at '\(address.text)'")
  }
}
