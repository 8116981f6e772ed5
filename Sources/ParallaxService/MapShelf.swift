private import CommandLanguage
internal import ParallaxCore
internal import ParallaxLayout
internal import ParallaxStorage
internal import ParallaxWorkbench
private import Synchronization

/// The maps of the spaces that are served: each is made when it is first asked for, once.
final class MapShelf: Sendable {
  enum State: Sendable {
    /// How far it is; `nil` before anything is known.
    case underWay(Progress?)
    case made(PlaneMap)
  }

  private struct Making {
    let task: Task<PlaneMap, any Error>
    var progress: Progress?
    /// How it ended.
    var outcome: Result<PlaneMap, any Error>?
  }

  private let makings = Mutex<[Int64: Making]>([:])

  /// The map of a space, which is begun where nobody asked before. A failure is said once, and the next request
  /// tries again.
  ///
  /// - Throws: why it could not be made.
  func state(
    of space: Space, _ make: @escaping @Sendable (@escaping EventHandler) async throws -> PlaneMap
  ) throws -> State {
    let making = makings.withLock { makings in
      if let known = makings[space.rowID] {
        if case .failure = known.outcome { makings[space.rowID] = nil }
        return known
      }
      let task = Task { [self] in
        let outcome: Result<PlaneMap, any Error>
        do {
          outcome = .success(
            try await make { event in
              if case .progress(let progress) = event { self.note(progress, of: space) }
            })
        } catch { outcome = .failure(error) }
        self.makings.withLock { $0[space.rowID]?.outcome = outcome }
        return try outcome.get()
      }
      let begun = Making(task: task)
      makings[space.rowID] = begun
      return begun
    }
    return try making.outcome.map { .made(try $0.get()) } ?? .underWay(making.progress)
  }

  private func note(_ progress: Progress, of space: Space) {
    makings.withLock { $0[space.rowID]?.progress = progress }
  }

  /// Ends what is under way.
  func close() {
    for making in makings.withLock({ $0.values.map(\.self) }) { making.task.cancel() }
  }
}

extension Service {
  /// The map of a space, or how far it is.
  ///
  /// - Throws: `collection-gone`, `space-gone`, and as `Workbench.map`.
  func map(of space: Space) throws -> MapShelf.State {
    try checkThere(space)
    return try maps.state(of: space) { [bench, request = mapRequest] handler in
      try await bench.map(of: space, request, handler)
    }
  }

  /// As `map` at the prompt has it, with principal components alone where nothing else is there.
  private var mapRequest: MapRequest {
    var request = MapRequest(seed: options.seed)
    if !UmapLibrary.isAvailable { request.method = .pca }
    return request
  }

  /// What is said of a map besides its own notes.
  static func notes(of map: PlaneMap) -> [String] {
    [map.sampling, map.omission, map.approximation].compactMap(\.self)
      + (map.method == .pca
        ? [
          "this map shows the two directions in which the vectors differ most (pca); "
            + "scripts/setup --map sets up what keeps neighbours together (umap)"
        ] : [])
  }

  /// The line that gives the same at the prompt.
  static func command(of map: PlaneMap, part: PlanePolygon?, name: String = "") -> String {
    (name.isEmpty ? "" : "\(name) = ") + "map \(map.space.reference)"
      + (map.method == .umap ? "" : " --method \(map.method.rawValue)")
      + (part.map { " --inside \(Quoting.quoted($0.text))" } ?? "")
  }
}
