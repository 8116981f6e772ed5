internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

extension Space {
  /// How its items without a vector get one, within a sentence.
  package var remedyForMissing: String {
    spec.provider == ImportedProvider.id
      ? "'\(completion)' adds vectors of the same identity"
      : "'\(completion)' embeds what is missing"
  }

  /// The line that gives its items without a vector one; for vectors from elsewhere it names no file.
  package var lineForMissing: String {
    completion
      + (spec.provider == ImportedProvider.id ? " --vectors FILE.npy --ids FILE" : " --resume")
  }

  private var completion: String {
    (spec.provider == ImportedProvider.id ? "import" : "embed") + " \(collection.name) --as \(name)"
  }
}
