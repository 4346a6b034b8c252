#pragma once

#include "tuner/socket_report.hpp"

namespace tuner {

/// `earlier`: the survey at the beginning of the sample; null without one. Unread: a sysctl that
/// tells of the local ports.
Observed<std::vector<PeerRow>> peer_rows(const HostSnapshot& host, const TcpSurvey& survey,
                                         const TcpSurvey* earlier,
                                         std::chrono::milliseconds interval);

std::vector<ListenerRow> listener_rows(const HostSnapshot& host, const TcpSurvey& survey);

std::vector<ProcessRow> process_rows(std::vector<ProcessFiles> holders, const TcpSurvey& survey);

}  // namespace tuner
