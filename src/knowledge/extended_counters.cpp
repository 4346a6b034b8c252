#include "knowledge/extended_counters.hpp"

namespace tuner::facts {

namespace {

constexpr const char* kExtendedRecovery =
    "How a loss was noticed or recovered from; the losses are in Tcp.RetransSegs.";
constexpr const char* kExtendedPeer = "What a peer sent; nothing here fixes it.";
constexpr const char* kExtendedWork = "Work that was done; others are weighed against it.";
constexpr const char* kExtendedNormal = "It counts how TCP works on any path, and no loss.";
constexpr const char* kExtendedAsked = "A program or an administrator asked for what it counts.";
constexpr const char* kExtendedMptcp = "MPTCP goes on with another subflow, or as plain TCP.";

constexpr CounterUse kExtendedUses[] = {
    // /proc/net/netstat, TcpExt
    {"TcpExt.", "ListenOverflows", "listen-queue-overflow", {}},
    {"TcpExt.", "ListenDrops", "listen-drops", {}},
    {"TcpExt.", "TCPReqQFullDrop TCPReqQFullDoCookies", "syn-queue-overflow", {}},
    {"TcpExt.", "TCPTimeWaitOverflow", "time-wait-table-overflow", {}},
    {"TcpExt.", "TCPMemoryPressures TCPAbortOnMemory", "tcp-memory-pressure", {}},
    {"TcpExt.", "TCPSynRetrans", "connects-unanswered", {}},
    {"TcpExt.", "TCPAbortOnClose TCPAbortOnData", "abortive-close-in-use", {}},
    {"TcpExt.", "IPReversePathFilter", "reverse-path-drops", {}},
    {"TcpExt.", "PruneCalled RcvPruned TCPRcvQDrop", "receive-queue-pruned", {}},
    {"TcpExt.", "TCPRcvCollapsed OfoPruned TCPOFODrop TCPZeroWindowDrop", "receive-queue-pruned",
     "What a full receive buffer led to; PruneCalled counts how often it was full."},
    {"TcpExt.", "TCPBacklogDrop", "socket-backlog-drops", {}},
    {"TcpExt.", "TCPBacklogCoalesce", "socket-backlog-drops",
     "Segments that were merged in the backlog, which saves them."},
    {"TcpExt.", "TCPTimeouts TCPLostRetransmit TCPDSACKRecv TCPDSACKOfoRecv TCPSpuriousRTOs",
     "segments-retransmitted", "They show what kind of retransmission it was."},
    {"TcpExt.",
     "TCPRenoRecovery TCPSackRecovery TCPSACKReneging TCPSACKReorder TCPRenoReorder TCPTSReorder "
     "TCPFullUndo TCPPartialUndo TCPDSACKUndo TCPLossUndo TCPRenoFailures TCPSackFailures "
     "TCPLossFailures TCPFastRetrans TCPSlowStartRetrans TCPLossProbes TCPLossProbeRecovery "
     "TCPRenoRecoveryFail TCPSackRecoveryFail TCPDSACKOldSent TCPDSACKOfoSent TCPSACKDiscard "
     "TCPDSACKIgnoredOld TCPDSACKIgnoredNoUndo TCPDSACKIgnoredDubious TCPDSACKRecvSegs "
     "TCPSackShifted TCPSackMerged TCPSackShiftFallback TCPSpuriousRtxHostQueues "
     "TcpTimeoutRehash TcpDuplicateDataRehash TCPPLBRehash",
     {},
     kExtendedRecovery},
    {"TcpExt.",
     "TW TWRecycled DelayedACKs DelayedACKLocked DelayedACKLost TCPHPHits TCPPureAcks TCPHPAcks "
     "TCPRcvCoalesce TCPOFOQueue TCPOFOMerge BusyPollRxPackets TCPAutoCorking TCPFromZeroWindowAdv "
     "TCPToZeroWindowAdv TCPWantZeroWindowAdv TCPOrigDataSent TCPHystartTrainDetect "
     "TCPHystartTrainCwnd TCPHystartDelayDetect TCPHystartDelayCwnd TCPWinProbe TCPKeepAlive "
     "TCPMTUPFail TCPMTUPSuccess TCPDelivered TCPDeliveredCE TCPAckCompressed "
     "TCPMemoryPressuresChrono",
     {},
     kExtendedNormal},
    {"TcpExt.",
     "TWKilled",
     {},
     "Only tcp_tw_recycle kills sockets in TIME_WAIT, and no kernel since 4.12 has it."},
    {"TcpExt.",
     "SyncookiesSent SyncookiesRecv",
     {},
     "Cookies are sent where the SYN queue is full, which TCPReqQFullDoCookies counts."},
    {"TcpExt.",
     "SyncookiesFailed EmbryonicRsts OutOfWindowIcmps TCPChallengeACK TCPSYNChallenge "
     "TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure TCPAORequired TCPAOBad TCPAOKeyNotFound "
     "TCPAOGood TCPAODroppedIcmps BeyondWindow TSEcrRejected",
     {},
     kExtendedPeer},
    {"TcpExt.",
     "PAWSActive PAWSEstab PAWSOldAck PAWSTimewait",
     {},
     "Old duplicates, or clients behind one NAT; the counter does not distinguish them."},
    {"TcpExt.",
     "TCPACKSkippedSynRecv TCPACKSkippedPAWS TCPACKSkippedSeq TCPACKSkippedFinWait2 "
     "TCPACKSkippedTimeWait TCPACKSkippedChallenge",
     {},
     "Answers to strange segments that net.ipv4.tcp_invalid_ratelimit held back."},
    {"TcpExt.",
     "LockDroppedIcmps",
     {},
     "An ICMP error found its socket in use; the next one does its work."},
    {"TcpExt.", "ArpFilter", {}, "net.ipv4.conf.*.arp_filter was asked to."},
    {"TcpExt.", "TCPDeferAcceptDrop TCPMinTTLDrop TCPAbortOnLinger", {}, kExtendedAsked},
    {"TcpExt.",
     "TCPAbortOnTimeout",
     {},
     "Peers that did not answer to the end; segments-retransmitted sees the path."},
    {"TcpExt.",
     "TCPAbortFailed TCPRetransFail",
     {},
     "Lack of memory or of a route at that moment; TCP tries again."},
    {"TcpExt.",
     "PFMemallocDrop",
     {},
     "The machine ran out of memory and kept what was left for sockets that free some (swap over "
     "the network)."},
    {"TcpExt.",
     "TCPWqueueTooBig",
     {},
     "Segments that were not split, against CVE-2019-11478; they wait and are sent."},
    {"TcpExt.",
     "TCPFastOpenActive TCPFastOpenActiveFail TCPFastOpenPassive TCPFastOpenPassiveFail "
     "TCPFastOpenListenOverflow TCPFastOpenCookieReqd TCPFastOpenBlackhole "
     "TCPFastOpenPassiveAltKey",
     {},
     "Where Fast Open fails, the connection is opened in the usual way."},
    {"TcpExt.",
     "TCPMigrateReqSuccess TCPMigrateReqFailure",
     {},
     "Requests of a listener that closed; without net.ipv4.tcp_migrate_req all of them are lost."},
    // IpExt
    {"IpExt.", "InCsumErrors", "checksum-errors", {}},
    {"IpExt.",
     "InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets "
     "OutMcastOctets InBcastOctets OutBcastOctets InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts",
     {},
     kExtendedWork},
    {"IpExt.",
     "InNoRoutes",
     {},
     "Packets to other hosts that this one has no route for; scanners make them."},
    {"IpExt.", "InTruncatedPkts ReasmOverlaps", {}, kExtendedPeer},
    // MPTcpExt
    {"MPTcpExt.",
     "MPCapableSYNRX MPCapableSYNTX MPCapableSYNACKRX MPCapableACKRX MPCapableFallbackACK "
     "MPCapableFallbackSYNACK MPCapableEndpAttempt MPFallbackTokenInit MPTCPRetrans "
     "MPJoinNoTokenFound MPJoinSynRx MPJoinSynBackupRx MPJoinSynAckRx MPJoinSynAckBackupRx "
     "MPJoinSynAckHMacFailure MPJoinAckRx MPJoinAckHMacFailure DSSNotMatching "
     "DSSCorruptionFallback DSSCorruptionReset InfiniteMapTx InfiniteMapRx DSSNoMatchTCP "
     "DataCsumErr OFOQueueTail OFOQueue OFOMerge NoDSSInWindow DuplicateData AddAddr EchoAdd "
     "PortAdd AddAddrDrop MPJoinPortSynRx MPJoinPortSynAckRx MPJoinPortAckRx MismatchPortSynRx "
     "MismatchPortAckRx RmAddr RmAddrDrop RmSubflow MPPrioTx MPPrioRx MPFailTx MPFailRx "
     "MPFastcloseTx MPFastcloseRx MPRstTx MPRstRx RcvPruned SubflowStale SubflowRecover "
     "SndWndShared RcvWndShared RcvWndConflictUpdate RcvWndConflict MPCapableSYNTXDrop "
     "MPCapableSYNTXDisabled MPJoinRejected MPJoinSynTx MPJoinSynTxCreatSkErr MPJoinSynTxBindErr "
     "MPJoinSynTxConnectErr AddAddrTx AddAddrTxDrop EchoAddTx EchoAddTxDrop RmAddrTx RmAddrTxDrop "
     "MPCurrEstab Blackhole MPCapableDataFallback MD5SigFallback DssFallback "
     "SimultConnectFallback FallbackFailed WinProbe",
     {},
     kExtendedMptcp},
};

}  // namespace

std::span<const CounterUse> extended_counter_uses() { return kExtendedUses; }

}  // namespace tuner::facts
