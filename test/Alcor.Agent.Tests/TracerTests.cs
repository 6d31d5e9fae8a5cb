using System.Net;
using System.Text;
using Alcor.Agent.Tests.World;
using Alcor.Agent.Tracing;

namespace Alcor.Agent.Tests;

public sealed class TracerTests
{
    private readonly TracedCloud _cloud = new();

    /// <summary>A question to a line; what is answered, a reviewer reads in the file.</summary>
    private static readonly (int From, string To, string Words)[] Questions =
    [
        (TracedCloud.Near, "10.0.0.20", "tcp 80"),
        (TracedCloud.Near, "10.0.0.20", "tcp 22"),
        (TracedCloud.Near, "10.0.0.20", "icmp"),
        (TracedCloud.Far, "10.0.0.10", "icmp"),
        (TracedCloud.Near, "10.0.0.11", "udp 53"),
        (TracedCloud.Unprotected, "10.0.0.13", "tcp 80"),
        (TracedCloud.Groupless, "10.0.0.20", "tcp 80"),
        (TracedCloud.Far, "10.0.0.12", "icmp"),
        (TracedCloud.Down, "10.0.0.20", "icmp"),
        (TracedCloud.Near, "10.0.0.99", "icmp"),
        (TracedCloud.Near, "10.0.1.21", "tcp 80"),
        (TracedCloud.Near, "10.0.1.99", "icmp"),
        (TracedCloud.Near, "10.0.0.1", "icmp"),
        (TracedCloud.Near, "10.0.0.1", "tcp 80"),
        (TracedCloud.Near, "192.0.2.7", "udp 53"),
        (TracedCloud.Floated, "192.0.2.7", "udp 53"),
        (TracedCloud.Near, "203.0.113.10", "tcp 80"),
        (TracedCloud.Near, "203.0.113.10", "tcp 22"),
        (TracedCloud.Near, "203.0.113.77", "icmp"),
        (TracedCloud.Near, "2001:db8::1", "icmp"),
        (TracedCloud.Tagged, "10.0.1.21", "tcp 80"),
        (TracedCloud.Tagged, "10.0.0.10", "tcp 80"),
        (TracedCloud.Far, "10.0.1.14", "tcp 80"),
        (TracedCloud.Near, "10.0.2.23", "tcp 80"),
        (TracedCloud.Near, "10.0.2.23", "tcp 25"),
        (TracedCloud.Near, "10.0.2.23", "udp 53"),
        (TracedCloud.Groupless, "169.254.169.254", "tcp 80"),
        (TracedCloud.Near, "10.0.0.1", "udp 53"),
        (TracedCloud.Far, "169.254.169.254", "tcp 80"),
        (TracedCloud.Ipv6Only, "fe80::a9fe:a9fe", "tcp 80"),
        (TracedCloud.Ipv6Only, "fe80::a9fe:a9fe", "udp 53"),
        (TracedCloud.Ipv6Only, "fe80::a9fe:a9fe", "tcp 22"),
        (TracedCloud.Near, "fe80::a9fe:a9fe", "tcp 80"),
        (TracedCloud.Near, "10.0.1.21", "tcp 80 1401"),
        (TracedCloud.Near, "203.0.113.10", "tcp 80 1450"),
        (TracedCloud.Near, "192.0.2.7", "udp 53 1450"),
    ];

    [Fact]
    public void Ways_of_packets_are_told_in_words()
    {
        var text = new StringBuilder();
        foreach (var (from, to, words) in Questions)
        {
            var report = _cloud.Trace(TracedCloud.From(from, to, words) with { WithReply = true });
            text.Append($"{from} > {to} {words}\n").Append(TracedCloud.Text(report)).Append('\n');
        }
        Golden.Check("test/Alcor.Agent.Tests/traces.txt", text.ToString());
    }

    [Theory]
    [InlineData("10.0.0.20", "tcp 80", TraceVerdict.Delivered)]
    [InlineData("10.0.0.20", "tcp 81", TraceVerdict.Dropped)]
    [InlineData("10.0.0.1", "icmp", TraceVerdict.Answered)]
    [InlineData("169.254.169.254", "tcp 80", TraceVerdict.Answered)]
    [InlineData("10.0.1.99", "icmp", TraceVerdict.Punted)]
    [InlineData("192.0.2.7", "icmp", TraceVerdict.Left)]
    public void A_packet_has_one_of_five_ends(string to, string words, TraceVerdict verdict) =>
        Assert.Equal(verdict, _cloud.Trace(TracedCloud.From(TracedCloud.Near, to, words)).Verdict);

    [Fact]
    public void A_packet_from_an_address_that_is_not_the_ports_is_dropped_with_those_that_are()
    {
        var report = _cloud.Trace(TracedCloud.From(TracedCloud.Near, "10.0.0.20", "tcp 80") with
        {
            Source = IPAddress.Parse("10.0.0.9"),
        });
        Assert.Equal(TraceVerdict.Dropped, report.Verdict);
        Assert.Contains("may send from 10.0.0.10 (fa:16:3e:00:00:0a), not from 10.0.0.9", report.Steps[^1].Text);
    }

    [Fact]
    public void Whoever_receives_it_is_named_with_the_host_and_the_flows_are_those_of_the_switch()
    {
        var report = _cloud.Trace(TracedCloud.From(TracedCloud.Near, "10.0.0.20", "tcp 80"));
        Assert.Equal(new TraceTarget(Say.Id(TracedCloud.Far), "beta"), report.To);
        Assert.Contains(report.Flows, line => line.Contains("beta cookie=0xa106000000000034"));
    }

    [Fact]
    public void What_may_not_be_known_is_not_named()
    {
        var visible = new HashSet<Guid> { Say.Id(TracedCloud.Near), Say.Id(1) };
        var names = new Dictionary<Guid, string> { [Say.Id(TracedCloud.Far)] = "secret", [Say.Id(50)] = "secret" };
        foreach (var words in new[] { "tcp 80", "tcp 22" })
        {
            var report = _cloud.Trace(
                TracedCloud.From(TracedCloud.Near, "10.0.0.20", words), new TraceNames(names, visible));
            var text = TracedCloud.Text(report);
            Assert.DoesNotContain("secret", text);
            Assert.DoesNotContain("beta", text);
            Assert.DoesNotContain("…14", text);
            Assert.DoesNotContain("…32", text);
            var owners = report.Steps.Select(step => step.Owner?.Id).OfType<Guid>();
            Assert.All(owners, id => Assert.Contains(id, visible));
            Assert.Null(report.To?.Port);
        }
    }
}
