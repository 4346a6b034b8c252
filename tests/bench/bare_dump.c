/* The least that a dump of all TCP sockets costs: ask the kernel, look at each state, print how
   many there are of each. It asks as tuner does, with the request that has no family: one walk
   through the kernel's table instead of two. An argument is a mask of attributes to ask for with each,
   as inet_diag_req has it. See sockets.sh. */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 32 * 1024, STATES = 16 };

static unsigned long counted[STATES];
static char buffer[BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));

static int request(int netlink, int extensions) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req body;
  } message;
  struct sockaddr_nl kernel;
  memset(&message, 0, sizeof message);
  memset(&kernel, 0, sizeof kernel);
  kernel.nl_family = AF_NETLINK;
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = TCPDIAG_GETSOCK;
  message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  message.body.idiag_states = 0x1FFE; /* all but sockets that are only bound */
  message.body.idiag_ext = (unsigned char)extensions;
  return sendto(netlink, &message, sizeof message, 0, (struct sockaddr*)&kernel, sizeof kernel) ==
                 (ssize_t)sizeof message
             ? 0
             : -1;
}

static int receive(int netlink) {
  for (;;) {
    ssize_t got = recv(netlink, buffer, sizeof buffer, 0);
    if (got <= 0) return -1;
    size_t left = (size_t)got;
    struct nlmsghdr* header = (struct nlmsghdr*)buffer;
    for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return 0;
      if (header->nlmsg_type == NLMSG_ERROR) return -1;
      const struct inet_diag_msg* one = NLMSG_DATA(header);
      counted[one->idiag_state % STATES] += 1;
    }
  }
}

int main(int count, char** arguments) {
  int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) {
    perror("socket");
    return 1;
  }
  int extensions = count > 1 ? atoi(arguments[1]) : 0;
  if (request(netlink, extensions) != 0 || receive(netlink) != 0) {
    perror("sock_diag");
    return 1;
  }
  close(netlink);
  for (int state = 0; state < STATES; ++state)
    if (counted[state] > 0) printf("%d %lu\n", state, counted[state]);
  return 0;
}
