package import ParallaxCore

/// What kind of value a column holds, judged by all of its cells.
///
/// - integer: `-?(0|[1-9][0-9]*)` within 64 bits. `00412` and `+41` stay text, for they are names.
/// - real: also `1.5`, `.5`, `1e-3`; not `nan`, not `inf`. Integers and reals together are real.
/// - boolean: `true`, `false`, `yes`, `no` in any case, when the whole column is.
/// - date: `2024-05-31`, or with a time `2024-05-31T12:00[:00]` (a blank may stand for the `T`),
///   `Z` or an offset such as `+02:00`. Fractions of a second stay text, so that none is lost.
/// - text: everything else, mixtures, and a column without values.
///
/// Empty cells are null in every kind and do not count.
package enum MetadataTyping {
  /// The kind of a column with these cells.
  package static func kind(of cells: some Sequence<String>) -> ValueKind { .text }

  /// `text` read as `kind`, more generously than inference does, or `nil` when it does not fit.
  ///
  /// Blanks around it do not count. Integers may have leading zeros, a plus sign or a fraction of
  /// zeros (`2016.0`); booleans may be `1`, `0`, `t`, `f`, `y`, `n`. Dates with an offset become UTC.
  package static func value(_ text: String, as kind: ValueKind) -> Value? { nil }
}
