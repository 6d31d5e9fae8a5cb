using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

/// <summary>The numbers of ports outside follow from which ports there are, whatever came and went before.</summary>
public sealed class OutsideNumbersTests
{
    // Few enough that many meet: their numbers are those of five neighbours.
    private static readonly OutsidePort[] Ports = [.. Meeting()];

    [Fact]
    public void Numbers_are_those_of_who_is_there_and_all_that_moved_are_named()
    {
        var random = Seed.For(nameof(Numbers_are_those_of_who_is_there_and_all_that_moved_are_named));
        for (var run = 0; run < 200; run++)
        {
            var (numbers, there) = (new OutsideNumbers(), new HashSet<OutsidePort>());
            for (var step = 0; step < 40; step++)
            {
                var port = Ports[random.Next(Ports.Length)];
                var before = Ports.ToDictionary(one => one, one => numbers[one]);
                var moved = new HashSet<OutsidePort>();
                if (there.Remove(port))
                    numbers.Remove(port, moved);
                else if (there.Add(port))
                    numbers.Add(port, moved);
                var after = Ports.ToDictionary(one => one, one => numbers[one]);
                Assert.Equal(there, after.Where(one => one.Value is not null).Select(one => one.Key).ToHashSet());
                Assert.Equal(
                    before.Keys.Where(one => one != port && before[one] != after[one]).ToHashSet(),
                    moved.Where(one => one != port).ToHashSet());
                Assert.Equal(Numbers(there.OrderBy(_ => random.Next())), Numbers(there, numbers));
            }
        }
    }

    [Fact]
    public void No_two_ports_have_one_number_and_their_meters_are_ours_and_no_ports()
    {
        var numbers = new OutsideNumbers();
        var ports = Enumerable.Range(0, 20_000).Select(Random).ToList();
        foreach (var port in ports)
            numbers.Add(port, []);
        var keys = ports.Select(port => numbers[port]!.Value).ToHashSet();
        Assert.Equal(ports.Count, keys.Count);
        Assert.All(keys, key => Assert.True(key > PortKey.Max && MeterIds.AreOurs(MeterIds.Of(key, true, true))));
        // The highest that a datapath of Linux may have.
        Assert.True(MeterIds.Of(keys.Max(), isEgress: true, isPackets: true) < 200_000);
    }

    [Fact]
    public void Whoever_comes_moves_nobody_where_there_is_room()
    {
        var numbers = new OutsideNumbers();
        var moved = new HashSet<OutsidePort>();
        for (var i = 0; i < 300; i++)
            numbers.Add(Random(i), moved);
        moved.Clear();
        for (var i = 300; i < 400; i++)
            numbers.Add(Random(i), moved);
        Assert.InRange(moved.Count, 100, 105);
    }

    private static OutsidePort Random(int i) =>
        new(Say.Id(1), new MacAddress(0xfa_16_3e_00_00_00 | (ulong)i * 2_654_435_761 % (1 << 24)));

    private static IEnumerable<OutsidePort> Meeting()
    {
        var first = OutsideNumbers.HomeOf(new OutsidePort(Say.Id(1), Say.MacOf(0)));
        return Enumerable.Range(0, 200_000)
            .SelectMany(i => new[] { 1, 2 }.Select(network => new OutsidePort(Say.Id(network), Say.MacOf(i))))
            .Where(port => OutsideNumbers.HomeOf(port) - first < 5).Take(14);
    }

    private static List<uint?> Numbers(IEnumerable<OutsidePort> there)
    {
        var numbers = new OutsideNumbers();
        foreach (var port in there)
            numbers.Add(port, []);
        return Numbers(there, numbers);
    }

    private static List<uint?> Numbers(IEnumerable<OutsidePort> there, OutsideNumbers numbers) =>
        [.. there.Order().Select(port => numbers[port])];
}
