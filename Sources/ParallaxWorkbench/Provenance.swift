internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem

/// Where a result came from: enough to do it again and to notice when it would differ.
package struct Provenance: Sendable, Hashable {
  /// The canonical command.
  package var command: String
  /// ISO 8601, UTC.
  package var created: String
  /// Spaces searched, with their identities.
  package var spaces: [Name]
  /// Files read for the query, with their SHA-256.
  package var inputs: [Name]
  /// Milliseconds by step.
  package var timings: [Timing]
  /// The collection its `id` column speaks of.
  package var collection: String?
  /// How its rows were found, such as `exact`.
  package var search: String?
  /// How its lists were looked at again, the last time last.
  package var rerankings: [String]
  /// Where the random numbers behind it started; `nil` where there are none.
  package var seed: Int?

  package struct Name: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct Timing: Sendable, Hashable {
    package var step: String
    package var milliseconds: Double

    package init(step: String, milliseconds: Double) {
      self.step = step
      self.milliseconds = milliseconds
    }
  }

  package init(
    command: String, created: String = Clock.now(), spaces: [Name] = [], inputs: [Name] = [],
    timings: [Timing] = [], collection: String? = nil, search: String? = nil,
    rerankings: [String] = [], seed: Int? = nil
  ) {
    self.command = command
    self.created = created
    self.spaces = spaces
    self.inputs = inputs
    self.timings = timings
    self.collection = collection
    self.search = search
    self.rerankings = rerankings
    self.seed = seed
  }

  /// What `describe` shows: short labels, since a person reads them beside their values.
  package var facts: [(String, String)] {
    [("command", command), ("created", created), ("program", "parallax \(Version.current)")]
      + (collection.map { [("collection", $0)] } ?? [])
      + spaces.map { space in
        ("space", "\(space.name): " + space.value.split(separator: ";").joined(separator: "; "))
      }
      + inputs.map { ("input", "\($0.name): \($0.value)") }
      + (search.map { [("search", $0)] } ?? [])
      + rerankings.map { ("reranked", $0) }
      + (seed.map { [("seed", String($0))] } ?? [])
      + timings.map { ($0.step, Wording.milliseconds($0.milliseconds)) }
  }

  /// What an export's side file holds; each name once.
  package var fields: [(name: String, value: String)] {
    [("command", command), ("created", created), ("program", "parallax \(Version.current)")]
      + (collection.map { [("collection", $0)] } ?? [])
      + spaces.map { ("space \($0.name)", $0.value) }
      + inputs.map { ("input \($0.name)", $0.value) }
      + (search.map { [("search", $0)] } ?? [])
      + rerankings.enumerated().map { place, text in
        (place == 0 ? "reranked" : "reranked \(place + 1)", text)
      }
      + (seed.map { [("seed", String($0))] } ?? [])
      + timings.map { ("\($0.step) ms", String($0.milliseconds)) }
  }
}
