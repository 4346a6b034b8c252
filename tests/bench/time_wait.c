/* Leaves COUNT sockets in TIME_WAIT in this namespace, quickly. Each thread is client and server at
   once: over loopback all is done when the call returns, so that nothing ever waits.
   usage: time_wait COUNT THREADS */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 80, SERVERS = 8, BACKLOG = 16 };

struct part {
  int number;
  long count;
};

static int listen_at(struct sockaddr_in* where, int part, int server) {
  int one = 1;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(where, 0, sizeof *where);
  where->sin_family = AF_INET;
  where->sin_port = htons(PORT);
  /* 127.1.0.0, 127.1.0.1 ... 127.2.0.0: a range of ports for each */
  where->sin_addr.s_addr = htonl(0x7f000000U + ((unsigned)(part + 1) << 16) + (unsigned)server);
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      bind(fd, (struct sockaddr*)where, sizeof *where) != 0 || listen(fd, BACKLOG) != 0)
    return -1;
  return fd;
}

static int leave_one(int listener, const struct sockaddr_in* where) {
  int client = socket(AF_INET, SOCK_STREAM, 0);
  if (client < 0 || connect(client, (const struct sockaddr*)where, sizeof *where) != 0) return -1;
  int accepted = accept(listener, NULL, NULL);
  if (accepted < 0) return -1;
  /* The first to close is the one who waits. */
  return close(client) == 0 && close(accepted) == 0 ? 0 : -1;
}

static void* run(void* argument) {
  const struct part* part = argument;
  int listeners[SERVERS];
  struct sockaddr_in where[SERVERS];
  for (int i = 0; i < SERVERS; ++i) {
    listeners[i] = listen_at(&where[i], part->number, i);
    if (listeners[i] < 0) {
      perror("listen");
      exit(1);
    }
  }
  for (long i = 0; i < part->count; ++i) {
    if (leave_one(listeners[i % SERVERS], &where[i % SERVERS]) != 0) {
      perror("connect");
      exit(1);
    }
  }
  for (int i = 0; i < SERVERS; ++i) close(listeners[i]);
  return NULL;
}

int main(int argc, char** argv) {
  enum { MOST = 64 };
  pthread_t threads[MOST];
  struct part parts[MOST];
  long count = argc == 3 ? atol(argv[1]) : 0;
  int used = argc == 3 ? atoi(argv[2]) : 0;
  if (count < 1 || used < 1 || used > MOST) {
    fputs("usage: time_wait COUNT THREADS\n", stderr);
    return 64;
  }
  for (int i = 0; i < used; ++i) {
    parts[i] = (struct part){i, count / used + (i < count % used)};
    errno = pthread_create(&threads[i], NULL, run, &parts[i]);
    if (errno != 0) {
      perror("pthread_create");
      return 1;
    }
  }
  for (int i = 0; i < used; ++i) pthread_join(threads[i], NULL);
  return 0;
}
