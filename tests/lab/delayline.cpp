/// A path with delay between two network namespaces: a TUN device in each, and between them a link
/// of a rate, a one-way delay, a queue that drops its tail, loss, and a size above which packets
/// vanish without a word.
///
/// delayline LEFT RIGHT --rate MBIT --delay MICROSECONDS --queue BYTES [--loss PER_MILLION]
///           [--swallow BYTES] [--device NAME]
///
/// LEFT and RIGHT are files of namespaces. It prints "ready" when the devices are there, and ends
/// when its standard input does. It never works in the namespace it was started from.

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr std::int64_t kLargestPacket = 65536;
constexpr int kBatch = 32;  // packets that are read before those that are due are written
constexpr int kUsage = 64;

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "delayline: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

void check(long outcome, const std::string& what) {
  if (outcome < 0) die(what);
}

struct Link {
  std::int64_t bits_per_second = 0;
  nanoseconds delay{0};
  std::int64_t queue = 0;             // bytes that may wait for the link
  std::int64_t loss_per_million = 0;  // of packets, each by itself
  std::int64_t swallow = kLargestPacket;
};

/// One direction. A packet waits until those before it have left, then takes as long as its bytes
/// need, then travels.
class Direction {
 public:
  Direction(int from, int to, const Link& link, std::uint32_t seed)
      : from_(from), to_(to), link_(link), random_(seed) {}

  void run() {
    for (;;) {
      wait();
      take();
      release();
    }
  }

 private:
  struct Packet {
    Clock::time_point due;
    std::vector<char> bytes;
  };

  void wait() {
    pollfd readable{from_, POLLIN, 0};
    if (travelling_.empty()) {
      poll(&readable, 1, -1);
      return;
    }
    const auto left = std::max(nanoseconds(0), nanoseconds(travelling_.front().due - Clock::now()));
    const timespec time{left.count() / std::nano::den, left.count() % std::nano::den};
    ppoll(&readable, 1, &time, nullptr);
  }

  void take() {
    for (int count = 0; count < kBatch; ++count) {
      const ssize_t size = read(from_, piece_.data(), piece_.size());
      if (size <= 0) return;
      admit(static_cast<std::size_t>(size));
    }
  }

  void admit(std::size_t size) {
    const auto bytes = static_cast<std::int64_t>(size);
    const auto now = Clock::now();
    free_ = std::max(free_, now);
    const bool full = bytes_in(free_ - now) + bytes > link_.queue;
    if (full || bytes > link_.swallow || is_lost()) return;
    free_ += nanoseconds(bytes * 8 * std::nano::den / link_.bits_per_second);
    travelling_.push_back({free_ + link_.delay, {piece_.data(), piece_.data() + size}});
  }

  [[nodiscard]] std::int64_t bytes_in(nanoseconds time) const {
    return time.count() / 8 * (link_.bits_per_second / 1000) / (std::nano::den / 1000);
  }

  bool is_lost() {
    if (link_.loss_per_million == 0) return false;
    return std::uniform_int_distribution<std::int64_t>(1, 1000000)(random_) <=
           link_.loss_per_million;
  }

  void release() {
    const auto now = Clock::now();
    while (!travelling_.empty() && travelling_.front().due <= now) {
      const auto& bytes = travelling_.front().bytes;
      // A device that is down takes nothing, as an unplugged link would.
      [[maybe_unused]] const ssize_t written = write(to_, bytes.data(), bytes.size());
      travelling_.pop_front();
    }
  }

  int from_;
  int to_;
  Link link_;
  std::mt19937 random_;
  Clock::time_point free_{};  // when the link has sent what was admitted
  std::deque<Packet> travelling_;
  std::array<char, kLargestPacket> piece_{};
};

/// A device in the namespace of a file; this thread is then in its own again.
int open_device(const std::string& path, const std::string& name) {
  const int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  const int other = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check(own, "/proc/thread-self/ns/net");
  check(other, path);
  struct stat here {};
  struct stat there {};
  check(fstat(own, &here), "fstat");
  check(fstat(other, &there), "fstat");
  if (here.st_ino == there.st_ino) {
    std::fprintf(stderr, "delayline: %s is the namespace it runs in\n", path.c_str());
    std::exit(1);
  }
  check(setns(other, CLONE_NEWNET), path);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  check(device, "/dev/net/tun");
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  check(ioctl(device, TUNSETIFF, &request), "TUNSETIFF");
  check(setns(own, CLONE_NEWNET), "setns");
  close(other);
  close(own);
  return device;
}

std::int64_t number(const std::map<std::string, std::string>& options, const std::string& name,
                    std::int64_t otherwise) {
  const auto found = options.find(name);
  if (found == options.end()) return otherwise;
  const std::string& text = found->second;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    std::fprintf(stderr, "delayline: %s %s is not a number\n", name.c_str(), text.c_str());
    std::exit(kUsage);
  }
  return value;
}

/// For this thread and those that it starts: what is due goes out before others run, where that may
/// be asked for, and without the 50 microseconds by which the kernel may let a sleeper lie.
void hurry() {
  prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
  const sched_param first{.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &first);
}

/// How late a sleeper wakes on this machine: the median of some.
nanoseconds lateness() {
  constexpr nanoseconds kSleep = std::chrono::milliseconds(1);
  std::array<nanoseconds, 31> late{};
  for (nanoseconds& each : late) {
    const auto begun = Clock::now();
    const timespec time{0, kSleep.count()};
    ppoll(nullptr, 0, &time, nullptr);
    each = Clock::now() - begun - kSleep;
  }
  std::ranges::sort(late);
  return late[late.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  std::map<std::string, std::string> options;
  for (int index = 3; index + 1 < count; index += 2) options[words[index]] = words[index + 1];
  Link link{.bits_per_second = number(options, "--rate", 0) * 1000000,
            .delay = std::chrono::microseconds(number(options, "--delay", 0)),
            .queue = number(options, "--queue", 0),
            .loss_per_million = number(options, "--loss", 0),
            .swallow = number(options, "--swallow", kLargestPacket)};
  if (count < 3 || link.bits_per_second == 0 || link.queue == 0) {
    std::fprintf(stderr,
                 "usage: delayline LEFT RIGHT --rate MBIT --delay MICROSECONDS "
                 "--queue BYTES [--loss PER_MILLION] [--swallow BYTES] [--device NAME]\n");
    return kUsage;
  }
  const std::string name = options.contains("--device") ? options["--device"] : "path0";
  const int left = open_device(words[1], name);
  const int right = open_device(words[2], name);
  hurry();
  // A packet wakes its thread twice: when it comes, and when it is due.
  link.delay = std::max(nanoseconds(0), link.delay - 2 * lateness());
  Direction there(left, right, link, 1);
  Direction back(right, left, link, 2);
  std::thread([&] { there.run(); }).detach();
  std::thread([&] { back.run(); }).detach();
  std::puts("ready");
  std::fflush(stdout);
  std::array<char, 64> ignored{};
  while (read(STDIN_FILENO, ignored.data(), ignored.size()) > 0) {
  }
  // The threads work on what main() owns: nothing is taken down before the process ends.
  _exit(0);
}
