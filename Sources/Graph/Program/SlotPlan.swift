/// Slots given to values one after the other, and given again when their values are read no more.
struct SlotPlan {
  private(set) var slots: [Program.Slot] = []
  private var free: [Int] = []
  /// The slots of values that are read for the last time, by the position of that instruction.
  private var ending: [Int: [Int]] = [:]

  /// A slot for a value that is read until the instruction at `last`; a free one if it fits.
  mutating func take(_ wanted: Program.Slot, until last: Int) -> Int {
    let slot: Int
    if let place = free.firstIndex(where: { slots[$0] == wanted }) {
      slot = free.remove(at: place)
    } else {
      slot = slots.count
      slots.append(wanted)
    }
    if last != .max { ending[last, default: []].append(slot) }
    return slot
  }

  /// Gives back the slots of values that instructions in a range read for the last time.
  mutating func release(after positions: Range<Int>) {
    for position in positions { free += ending.removeValue(forKey: position) ?? [] }
  }
}
