namespace Alcor.Reachability.Tests;

/// <summary>
/// Generated clouds are worth something only if they are full: most of what they ask of the API is accepted, and every
/// reason of the oracle occurs.
/// </summary>
public sealed class GeneratorTests
{
    private const int Worlds = 100;

    private static readonly string[] Reasons =
    [
        "port security of", "answer as a DHCP server", "say that it is a router", "goes to its host alone",
        "is administratively down", "is on no host", "is in no security group", "no ingress rule of",
        "no egress rule of", "a reply to what is not allowed any more", "has no conversation",
        "protected: it receives IP only",
        "no ingress rule of network ACL", "no egress rule of network ACL", "is in none of the subnets of",
        "denies",
        "nobody in the network of", "nobody else in the network of", "asks for its own address",
        "no conversation outside of router", "nothing is behind", "looks the same",
        "no route on router", "forwards nothing", "no hops are left", "the next hop of router",
    ];

    [Fact]
    public async Task Whatever_the_oracle_may_say_occurs()
    {
        var random = Seed.For(nameof(Whatever_the_oracle_may_say_occurs));
        var (accepted, refused) = (0, new List<string>());
        var verdicts = new List<Verdict>();
        for (var world = 0; world < Worlds; world++)
        {
            var result = await Trial.JudgeAsync(CloudGenerator.Script(random.Next()));
            accepted += result.Region.Accepted;
            refused.AddRange(result.Region.Refused);
            verdicts.AddRange(result.Verdicts);
        }
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{accepted} requests accepted, {refused.Count} refused, {verdicts.Count} packets");
        output.WriteLine(string.Join('\n', refused.Take(3)));
        foreach (var reason in Reasons)
        {
            var count = verdicts.Count(verdict => verdict.Reasons.Any(one => one.Contains(reason)));
            output.WriteLine($"{count} × {reason}");
            Assert.True(count > 5, $"'{reason}' occurs {count} times");
        }
        Assert.True(refused.Count < accepted / 5, $"{refused.Count} requests refused, {accepted} accepted");
        var arrivals = verdicts.SelectMany(verdict => verdict.Arrivals).ToList();
        var routed = arrivals.Count(arrival => arrival.Probe.Content is IpContent { HopLimit: 63 });
        var twice = arrivals.Count(arrival => arrival.Probe.Content is IpContent { HopLimit: 62 });
        output.WriteLine($"{arrivals.Count} arrivals, {routed} of them routed, {twice} by two routers");
        Assert.True(arrivals.Count > verdicts.Count / 5, $"only {arrivals.Count} arrivals");
        Assert.True(routed > arrivals.Count / 20, $"only {routed} routed packets");
        Assert.True(twice > 5, $"only {twice} packets routed twice");
        var carried = arrivals.Count(arrival => arrival.Port.Trunk is { IsSubport: true });
        output.WriteLine($"{carried} arrivals at subports");
        Assert.True(carried > arrivals.Count / 20, $"only {carried} arrivals at subports");
        var movable = arrivals.Count(arrival => !arrival.Port.InactiveBindings.IsDefaultOrEmpty);
        output.WriteLine($"{movable} arrivals at machines that another host awaits");
        Assert.True(movable > 100, $"only {movable} arrivals at machines that another host awaits");
        var outside = arrivals.Count(arrival => arrival.Port.HostId == ScriptedRegion.OutsideHost);
        var errors = arrivals.Count(arrival => arrival.Probe.Content is IpContent { Transport: PortUnreachable });
        var fragments = arrivals.Count(arrival => arrival.Probe.Content is IpContent { Fragments: not null });
        output.WriteLine($"{outside} arrivals outside, {errors} of errors, {fragments} of fragments");
        Assert.True(outside > 100 && errors > 50 && fragments > 50, "too few of one kind");
    }
}
