internal import ParallaxCore
internal import ParallaxProviders
private import Synchronization

/// The models of one kind that are open.
final class OpenModels<Request: Hashable & Sendable, Model: Sendable>: Sendable {
  private struct Key: Hashable, Sendable {
    var provider: String
    var request: Request
  }

  private let open = Mutex<[Key: Model]>([:])

  /// Opens a model, unless it is open already.
  ///
  /// - Parameters:
  ///   - isForEstimate: whether nothing will be asked: then a remote one needs no key.
  ///   - make: opens it in an environment.
  /// - Returns: the model, and what prevents using it.
  func model(
    for request: Request, of provider: any Provider.Type, in environment: ProviderEnvironment,
    isForEstimate: Bool, _ make: (ProviderEnvironment) async throws -> Model
  ) async throws -> (Model, missing: ParallaxError?) {
    let key = Key(provider: provider.id, request: request)
    if let known = open.withLock({ $0[key] }) { return (known, nil) }
    do {
      let made = try await make(environment)
      // Whoever was first stays: two would hold the model twice.
      let kept = open.withLock { open in
        let kept = open[key] ?? made
        open[key] = kept
        return kept
      }
      return (kept, nil)
    } catch let error as ParallaxError
      where isForEstimate && [.missingKey, .missingComponent].contains(error.code)
      && provider.isRemote
    {
      var offline = environment
      offline.isOffline = true
      return (try await make(offline), error)
    }
  }
}
