import Glibc

/// What a finished process cost, by the kernel's own account.
struct Cost {
  /// User and system time in microseconds.
  var cpu: Int
  /// Microseconds from start to end.
  var wall: Int
  /// Peak of resident memory in bytes.
  var peakMemory: Int

  mutating func lower(to other: Cost) {
    cpu = min(cpu, other.cpu)
    wall = min(wall, other.wall)
    peakMemory = min(peakMemory, other.peakMemory)
  }
}

enum ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs a program to its end with its output thrown away.
  static func run(_ arguments: [String]) throws -> Cost {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let start = now()
    guard posix_spawnp(&child, arguments[0], &actions, nil, &words, environ) == 0 else { throw Failure(description: "cannot start \(arguments[0])") }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0 { guard errno == EINTR else { throw Failure(description: "lost \(arguments[0])") } }
    let wall = now() - start
    guard status & 0x7F == 0, status >> 8 & 0xFF == 0 else {
      throw Failure(description: "\(arguments.joined(separator: " ")) ended with status \(status >> 8 & 0xFF)")
    }
    return Cost(cpu: microseconds(usage.ru_utime) + microseconds(usage.ru_stime), wall: wall, peakMemory: usage.ru_maxrss * 1024)
  }

  private static func microseconds(_ time: timeval) -> Int { time.tv_sec * 1_000_000 + Int(time.tv_usec) }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }
}
