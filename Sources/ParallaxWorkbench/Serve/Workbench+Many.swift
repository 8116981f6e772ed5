private import ParallaxCore
package import ParallaxStorage

extension Workbench {
  /// Reads a space, and makes what many questions of it are asked by.
  ///
  /// - Throws: as loading a space does; `CancellationError`.
  @concurrent package func prepareForMany(
    _ space: Space, _ handler: @escaping EventHandler
  ) async throws {
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    guard entry.graph == nil, entry.loaded.matrix.byteCount >= SpaceSearch.provenBytes.ofMany
    else { return }
    _ = try await spaces.provenCodes(of: entry)
    // What is left open by those is compared by these.
    _ = await spaces.int8Codes(of: entry)
  }
}
