package import ParallaxCore
package import ParallaxStorage

/// A picture that comes in, as it is compared.
struct IncomingPicture: Sendable {
  var name: String
  var path: String
  var hash: ContentHash
}

extension Workbench {
  /// What embedding pictures that come in would ask a model for; a remote one needs no key.
  @concurrent package func incomingForecast(
    _ paths: [String], followsLinks: Bool, for space: Space, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> (pictures: Int, cost: RepeatedCost, missing: ParallaxError?) {
    let embedding = try await PictureEmbedding(space, self, budget: budget, isForEstimate: true)
    let (files, incoming) = try await incoming(paths, followsLinks: followsLinks, handler)
    let inputs = try unknown(incoming, to: embedding).inputs
    return (files.count, try embedding.cost(of: inputs), embedding.missing)
  }

  /// The files, and those of them that can be read, in the same places.
  func incoming(
    _ paths: [String], followsLinks: Bool, _ handler: EventHandler
  ) async throws -> ([IncomingPictures.File], [IncomingPicture?]) {
    let listing = try await IncomingPictures(of: paths, followsLinks: followsLinks)
    for note in listing.notes { handler(.note(note)) }
    for warning in listing.warnings { handler(.warning(warning)) }
    let hashes = try await PictureFiles.hashes(
      of: Set(listing.files.filter { $0.fault == nil }.map(\.path)), limit: imageLimit)
    return (
      listing.read(hashes),
      listing.files.map { file in
        (try? hashes[file.path]?.get()).map {
          IncomingPicture(name: file.name, path: file.path, hash: $0)
        }
      }
    )
  }

  /// What has to be embedded: each content once.
  private func unknown(
    _ incoming: [IncomingPicture?], to embedding: PictureEmbedding
  ) throws -> (inputs: [ModelInput], contents: [ContentHash], known: [ContentHash: [Float]]) {
    let known = try embedding.known(Set(incoming.compactMap { $0?.hash }))
    var (inputs, contents) = ([ModelInput](), [ContentHash]())
    var seen = Set(known.keys)
    for case let picture? in incoming where seen.insert(picture.hash).inserted {
      inputs.append(
        ModelInput(
          name: picture.name, parts: [.image(path: picture.path, hash: picture.hash)]))
      contents.append(picture.hash)
    }
    return (inputs, contents, known)
  }

  /// The vectors of pictures, and why there is none, by their places.
  func vectors(
    of incoming: [IncomingPicture?], by embedding: PictureEmbedding,
    _ handler: @escaping EventHandler
  ) async throws -> (found: [[Float]?], problems: [String?], cost: RepeatedCost) {
    let (inputs, contents, known) = try unknown(incoming, to: embedding)
    let cost = try embedding.cost(of: inputs)
    try embedding.check(cost, "embedding the pictures")
    let outcomes = try await embedding.vectors(of: inputs) {
      handler(
        .progress(Progress("embedding", completed: $0, total: inputs.count, unit: "pictures")))
    }
    var byContent = known.mapValues { Result<[Float], ParallaxError>.success($0) }
    for (content, outcome) in zip(contents, outcomes) { byContent[content] = outcome }
    let made = incoming.map { $0.flatMap { byContent[$0.hash] } }
    return (
      made.map { outcome in
        (try? outcome?.get()).flatMap { vector in vector.contains { $0 != 0 } ? vector : nil }
      },
      made.map { outcome in
        switch outcome {
        case nil: nil
        case .failure(let error): error.message
        case .success(let vector):
          vector.contains { $0 != 0 } ? nil : "its vector is zero: it can be compared with none"
        }
      }, cost
    )
  }
}

extension IncomingPictures {
  /// The files with why they could not be read.
  fileprivate func read(
    _ hashes: [String: Result<ContentHash, ParallaxError>]
  ) -> [File] {
    files.map { file in
      guard file.fault == nil, case .failure(let error)? = hashes[file.path] else { return file }
      var copy = file
      copy.fault = error.message
      return copy
    }
  }
}

extension PictureEmbedding {
  /// Tells what was found out while pictures were embedded.
  func say(_ handler: EventHandler) {
    let findings = bench.models.drainFindings()
    for note in findings.notes + embedder.notes { handler(.note(note)) }
    for warning in findings.warnings + embedder.warnings { handler(.warning(warning)) }
  }
}
