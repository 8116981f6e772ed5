package import ParallaxCore

/// What work says while it runs; nothing below the front ends prints.
package enum Event: Sendable {
  case progress(Progress)
  case note(String)
  case warning(String)
}

package typealias EventHandler = @Sendable (Event) -> Void
