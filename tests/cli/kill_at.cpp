// kill_at CALL COUNT PROGRAM ARGUMENT...
//
// Runs PROGRAM and kills it where it would make the system call with the number CALL for the
// COUNT'th time. Ends when PROGRAM does: with 128 + SIGKILL if that moment came, else as PROGRAM
// did. strace can do this too, but stops the program twice at each of its calls, which takes four
// times as long. Children go unharmed: a process of its own traces them to their end, since the
// filter stays with them and a call that it stops fails without a tracer.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace {

constexpr int kUsage = 64;

bool stop_at(unsigned call) {
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{.len = 4, .filter = steps};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

pid_t start(unsigned call, char** words, int result) {
  const pid_t child = fork();
  if (child != 0) return child;
  close(result);
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(kUsage);
  (void)raise(SIGSTOP);  // until the options are set
  if (!stop_at(call)) _exit(kUsage);
  execv(words[0], words);
  _exit(kUsage);
}

/// Writes how the program ended to `result`, one byte, and goes on until its children ended too.
void trace(unsigned call, int left, char** words, int result) {
  const pid_t program = start(call, words, result);
  int status = 0;
  waitpid(program, &status, 0);
  ptrace(PTRACE_SETOPTIONS, program, 0,
         PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
  ptrace(PTRACE_CONT, program, 0, 0);
  for (pid_t who = 0; (who = waitpid(-1, &status, __WALL)) > 0;) {
    if (!WIFSTOPPED(status)) {
      if (who != program) continue;
      const int ended = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      const auto byte = static_cast<unsigned char>(ended);
      (void)!write(result, &byte, 1);
      continue;
    }
    const bool at_call = status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
    if (at_call && who == program && --left == 0) {
      kill(program, SIGKILL);
      continue;
    }
    const int signal = WSTOPSIG(status);  // SIGSTOP is how a new child begins
    ptrace(PTRACE_CONT, who, 0, signal == SIGTRAP || signal == SIGSTOP ? 0 : signal);
  }
}

}  // namespace

int main(int count, char** words) {
  unsigned call = 0;
  int left = 0;
  if (count < 4 || !read_number(words[1], call) || !read_number(words[2], left)) {
    std::fputs("usage: kill_at CALL COUNT PROGRAM ARGUMENT...\n", stderr);
    return kUsage;
  }
  int result[2];
  if (pipe(result) != 0) return kUsage;
  if (fork() == 0) {
    close(result[0]);
    (void)setsid();
    trace(call, left, words + 3, result[1]);
    _exit(0);
  }
  close(result[1]);
  unsigned char status = kUsage;
  (void)!read(result[0], &status, 1);
  return status;
}
