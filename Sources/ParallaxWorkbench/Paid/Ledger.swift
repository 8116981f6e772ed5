internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem
private import Synchronization

/// The money and the quota of a session: what is asked for is charged before it goes out.
///
/// A reservation is a charge in the workspace, so limits see every request under way and a kill
/// forgets none. In a workspace that is open for reading, charges are kept in memory for the session.
package final class Ledger: Sendable {
  /// Names a reservation.
  package typealias Ticket = Int64

  private struct State {
    /// The room on the disk that is held for each reservation.
    var room: [Ticket: Int] = [:]
    /// What the workspace could not take.
    var charges: [Ticket: (at: String, charge: Charge)] = [:]
    var lastTicket: Ticket = 0
    /// Models that were asked under a budget and have no price.
    var unpriced: Set<String> = []
  }

  private let workspace: Workspace
  private let clock: @Sendable () -> Int
  private let room: ReservedRoom
  private let state = Mutex(State())

  /// - Parameter clock: seconds since 1970; injected by tests.
  package init(
    _ workspace: Workspace, clock: @escaping @Sendable () -> Int = Clock.secondsSince1970
  ) {
    self.workspace = workspace
    self.clock = clock
    room = ReservedRoom(for: workspace)
  }

  private var isInMemory: Bool { workspace.mode == .readOnly }

  // MARK: - Reservations

  /// Charges what is about to be asked for, and holds room on the disk for what it gives.
  ///
  /// - Parameter bytes: of that room.
  /// - Throws: `budget`, `quota` or `storage`; nothing may be asked then.
  package func reserve(
    _ charge: Charge, bytes: Int, within limits: SpendingLimits
  ) throws -> Ticket {
    if limits.budget != nil, charge.micros == nil {
      _ = state.withLock { $0.unpriced.insert(charge.model) }
    }
    let moment = clock()
    if isInMemory { return try reserveInMemory(charge, at: moment, within: limits) }
    try room.take(bytes)
    do {
      let ticket = try workspace.write(charge, at: moment) { try limits.check(charge, after: $0) }
      state.withLock { $0.room[ticket] = bytes }
      return ticket
    } catch {
      room.giveBack(bytes)
      throw error
    }
  }

  private func reserveInMemory(
    _ charge: Charge, at moment: Int, within limits: SpendingLimits
  ) throws -> Ticket {
    let spent = try workspace.spending(provider: charge.provider, at: moment)
    return try state.withLock { state in
      let own = Self.spending(state, provider: charge.provider, at: moment)
      try limits.check(charge, after: spent + own)
      state.lastTicket += 1
      state.charges[state.lastTicket] = (Clock.text(secondsSince1970: moment), charge)
      return state.lastTicket
    }
  }

  /// The service did the work: the charge stays, and its room is there to be written to.
  package func settle(_ ticket: Ticket) { giveRoomBack(ticket) }

  /// Takes back what was not asked for after all, or refused.
  package func release(_ ticket: Ticket) {
    giveRoomBack(ticket)
    if isInMemory {
      state.withLock { $0.charges[ticket] = nil }
    } else {
      // A charge that cannot be taken back is one too many: no limit is overrun by it.
      try? workspace.release(charge: ticket)
    }
  }

  private func giveRoomBack(_ ticket: Ticket) {
    let bytes = state.withLock { $0.room.removeValue(forKey: ticket) }
    if let bytes { room.giveBack(bytes) }
  }

  /// What the budget could not limit since it was last asked.
  package func drainNotes() -> [String] {
    let models = state.withLock { state in
      defer { state.unpriced = [] }
      return state.unpriced
    }
    return models.sorted().map {
      "no price of '\($0)' is known, so the budget does not limit it (see PARALLAX_PRICES)"
    }
  }

  // MARK: - Sums

  /// What is spent or under way.
  package func spending(provider: String) throws -> Spending {
    let moment = clock()
    let spent = try workspace.spending(provider: provider, at: moment)
    return spent + state.withLock { Self.spending($0, provider: provider, at: moment) }
  }

  /// Everything charged, in groups; the dearest first.
  package func charges(by group: ChargeGroup) throws -> [ChargeSummary] {
    var summaries = try workspace.charges(by: group)
    for (at, charge) in state.withLock({ Array($0.charges.values) }) {
      let name = group.name(of: charge, at: at)
      let index =
        summaries.firstIndex { $0.name == name }
        ?? {
          summaries.append(ChargeSummary(name: name, items: 0, micros: 0, unpriced: 0))
          return summaries.count - 1
        }()
      summaries[index].items += charge.items
      summaries[index].micros += charge.micros ?? 0
      summaries[index].unpriced += charge.micros == nil ? charge.items : 0
    }
    return summaries.sorted { ($1.micros, $0.name) < ($0.micros, $1.name) }
  }

  /// Items that are charged in this session alone, since the workspace is open for reading.
  package var itemsInMemory: Int {
    state.withLock { $0.charges.values.reduce(0) { $0 + $1.charge.items } }
  }

  private static func spending(_ state: State, provider: String, at moment: Int) -> Spending {
    let dayStart = Spending.dayStart(before: moment)
    var spending = Spending()
    for (at, charge) in state.charges.values {
      spending.micros += charge.micros ?? 0
      guard charge.provider == provider, at >= dayStart else { continue }
      spending.items += charge.items
      spending.oldest = min(spending.oldest ?? at, at)
    }
    return spending
  }
}

extension Spending {
  fileprivate static func + (left: Spending, right: Spending) -> Spending {
    var sum = left
    sum.micros += right.micros
    sum.items += right.items
    sum.oldest = [left.oldest, right.oldest].compactMap(\.self).min()
    return sum
  }
}
