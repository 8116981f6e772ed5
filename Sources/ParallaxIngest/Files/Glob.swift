import ParallaxCore

/// A pattern of relative paths, as shells write them: `**/*.{jpg,png}`.
///
/// | written | stands for |
/// |---|---|
/// | `*` | any characters but `/`, none included |
/// | `**` | as a whole part of the path: any number of folders, none included (`**/x`), or everything below (`x/**`); elsewhere the same as `*` |
/// | `?` | one character but `/` |
/// | `[a-z]`, `[!a-z]`, `[^a-z]` | one character in, or not in, the set, never `/`; a `]` written first is a member |
/// | `{jpg,png}` | one of the alternatives, which may hold patterns and further braces |
/// | `\` | the next character as it is |
///
/// A pattern matches the whole path: `*.jpg` finds files at the top only, `**/*.jpg` at
/// any depth. ASCII letters match in both cases, so `jpg` finds `JPG`. Characters are
/// what a reader sees: a composed `é` equals a decomposed one.
package struct Glob: Sendable, Hashable {
  package let pattern: String

  /// - Throws: `invalid-value` when a bracket, a brace or a final `\` is not completed.
  package init(_ pattern: String) throws {
    self.pattern = pattern
  }

  /// Whether the whole of `relativePath` matches. O(path × pattern), whatever the pattern.
  package func matches(_ relativePath: String) -> Bool {
    false
  }
}
