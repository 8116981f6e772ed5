internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

extension Space {
  /// How its items without a vector get one, within a sentence.
  package var remedyForMissing: String {
    spec.provider == ImportedProvider.id
      ? "'import \(collection.name) --as \(name)' adds vectors of the same identity"
      : "'embed \(collection.name) --as \(name)' embeds what is missing"
  }
}
