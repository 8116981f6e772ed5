private import ParallaxCore
private import ParallaxProviders
private import ParallaxStorage

extension Workbench {
  /// Loads what the first question in words would wait for, where a space is of the model that comes with
  /// the program: any other may be as large as the memory.
  ///
  /// What prevents it is for the question to say.
  @concurrent package func warmUp() async {
    for collection in (try? workspace.collections()) ?? [] {
      if Task.isCancelled { return }
      let spaces = (try? workspace.spaces(in: collection)) ?? []
      guard let space = spaces.first(where: { $0.spec.provider == MiniProvider.id }) else {
        continue
      }
      let embedder = try? await models.embedder(for: space, budget: nil)
      try? await embedder?.prepare(images: false, texts: true)
      return
    }
  }
}
