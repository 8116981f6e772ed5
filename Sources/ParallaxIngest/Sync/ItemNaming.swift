package import ParallaxCore

/// How items get their ids.
///
/// An id is the path relative to the root without its ending: `birds/wren.jpg` is `birds/wren`.
/// When several files share that, or an item that stays already has it, each new one gets its
/// full relative path: `wren.jpg` and `wren.png` keep their endings. When even that is taken,
/// `#2`, `#3` and so on follow it. A file already known under an id keeps it. The outcome
/// depends on the set of paths and of ids taken, not on their order.
package enum ItemNaming {
  /// Ids for new files, in the order of `relativePaths`, which are distinct.
  package static func ids(
    for relativePaths: [String], taken: Set<ItemID> = []
  ) -> [ItemID] { [] }
}
