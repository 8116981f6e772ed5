private import ParallaxImaging
package import ParallaxProviders
package import ParallaxSources
package import ParallaxStorage

/// What everybody who asks shares: the workspace, the models that are open, the spaces in memory, and
/// the money.
///
/// Whoever asks (a prompt, a notebook, a request over HTTP) hands over values and gets values; work
/// runs off the main actor, and several callers may ask at the same time.
package final class Workbench: Sendable {
  package let workspace: Workspace
  package let models: Models
  package let spaces: LoadedSpaces
  /// Reads pictures that are no files.
  package let sources: PictureSources

  package var ledger: Ledger { models.ledger }

  /// - Parameters:
  ///   - sources: what the decoder reads pictures by that are no files; `nil` where none is read.
  ///   - payer: the workspace that keeps what is paid for and limits it, where that is another.
  package init(
    workspace: Workspace, providers: ProviderEnvironment, sources: PictureSources? = nil,
    payer: Workspace? = nil
  ) {
    self.sources = sources ?? .none
    self.workspace = workspace
    spaces = LoadedSpaces(workspace)
    models = Models(
      providers: providers, ledger: Ledger(payer ?? workspace),
      replies: ReplyCache(payer ?? workspace), workspace: workspace)
  }

  /// Bytes that the file of an image may have.
  var imageLimit: Int { models.providers.decoder.limits.fileBytes }

  /// Ends the decoder's workers and closes the workspace.
  package func close() {
    models.providers.decoder.shutdown()
    workspace.close()
  }
}
