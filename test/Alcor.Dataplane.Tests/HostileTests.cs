using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane.Tests;

public sealed class HostileTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));

    public static TheoryData<string> Greetings => [.. BadGreetings.Keys];

    public static TheoryData<string> Messages => [.. BadMessages.Keys];

    private static Dictionary<string, AgentMessage> BadGreetings => new()
    {
        ["no Hello"] = new AgentMessage { Heartbeat = new Heartbeat() },
        ["nothing at all"] = new AgentMessage(),
        ["no name"] = Hello(hello => hello.Host = ""),
        ["a long name"] = Hello(hello => hello.Host = new string('x', 300)),
        ["a name with a line feed"] = Hello(hello => hello.Host = "a\nb"),
        ["no address"] = Hello(hello => hello.TunnelAddress = "over there"),
        ["the address of nobody"] = Hello(hello => hello.TunnelAddress = "0.0.0.0"),
        ["a long version"] = Hello(hello => hello.Version = new string('x', 300)),
        ["a partition without an id"] = Hello(hello => hello.Held.Add(Held("network", 1))),
        ["a partition twice"] = Hello(hello => hello.Held.Add([Held("network/a", 1), Held("network/a", 2)])),
        ["a revision that is no number of ours"] = Hello(hello => hello.Held.Add(Held("network/a", ulong.MaxValue))),
        ["too many partitions"] = Hello(
            hello => hello.Held.Add(Enumerable.Range(0, 20_000).Select(n => Held($"network/{n}", 1)))),
        ["too many settings"] = Hello(hello => hello.Configurations.Add(
            Enumerable.Range(0, 100).ToDictionary(n => $"{n}", n => "x"))),
        ["a long setting"] = Hello(hello => hello.Configurations.Add("x", new string('x', 5_000))),
    };

    private static Dictionary<string, AgentMessage> BadMessages => new()
    {
        ["another Hello"] = Hello(_ => { }),
        ["nothing at all"] = new AgentMessage(),
        ["a revision that it was never sent"] = Ack(Network1.ToString(), 1_000_000),
        ["a revision that is no number of ours"] = Ack(Network1.ToString(), ulong.MaxValue),
        ["no partition"] = Ack("", 1),
        ["an id of three bytes"] = Ack(Network1.ToString(), 1, new EntryResult
        {
            Kind = EntryKind.Port, Id = ByteString.CopyFromUtf8("abc"), State = EntryState.Applied,
        }),
        ["a state that does not exist"] = Ack(Network1.ToString(), 1, FakeHost.Result(
            EntryKind.Port, Samples.PortId(1), (EntryState)17)),
        ["no state"] = Ack(Network1.ToString(), 1, FakeHost.Result(
            EntryKind.Port, Samples.PortId(1), EntryState.Unspecified)),
        ["too many results"] = Ack(Network1.ToString(), 1, Problems(20_000)),
        ["more problems than entries"] = Ack(Network1.ToString(), 1, Problems(5_000)),
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public void A_greeting_that_makes_no_sense_ends_the_connection_and_registers_nobody(string name)
    {
        using var world = new World();
        var host = new FakeHost("host-x");
        world.Serve(host);
        host.Say(BadGreetings[name]);
        world.Settle();
        Assert.False(string.IsNullOrEmpty(world.EndOf(host)));
        Assert.Equal(0, world.Dataplane.SessionCount);
        Assert.Empty(world.Dataplane.Convergence.Hosts);
        Assert.Null(world.Read(Network.Nodes.Node.Type, "host-x"));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_that_makes_no_sense_ends_its_session_and_no_other(string name)
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
            .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);
        var hostile = world.Connect("host-a");
        var other = world.Connect("host-b");
        hostile.Say(BadMessages[name]);
        world.Settle();
        Assert.False(string.IsNullOrEmpty(world.EndOf(hostile)));
        Assert.Null(world.EndOf(other));
        world.Commit(Samples.PutBound(Samples.Port(3, 1, "host-b")));
        world.AssertConverged(other);
        world.AssertConverged(world.Connect(hostile.Again()));
    }

    [Fact]
    public void A_connection_that_says_nothing_ends_after_the_liveness_time()
    {
        using var world = new World();
        var host = new FakeHost("host-x");
        world.Serve(host);
        world.Pass(29);
        Assert.Null(world.EndOf(host));
        world.Pass(2);
        Assert.NotNull(world.EndOf(host));
    }

    [Fact]
    public void An_acknowledgement_of_a_partition_that_nobody_sent_is_ignored()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        host.Say(Ack("network/of-somebody-else", 3, Problems(100)));
        world.Settle();
        Assert.Null(world.EndOf(host));
    }

    [Fact]
    public void Random_messages_end_sessions_and_nothing_else()
    {
        var random = Seed.For(nameof(Random_messages_end_sessions_and_nothing_else));
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
            .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);
        var good = world.Connect("host-b");
        for (var round = 0; round < 300; round++)
        {
            var hostile = world.Connect("host-a");
            for (var i = 0; i < 5; i++)
                hostile.Say(Some(random));
            world.Settle();
            hostile.Leave();
            world.Settle();
            Assert.NotNull(world.EndOf(hostile));
            Assert.Null(world.EndOf(good));
        }
        world.Commit(Samples.PutBound(Samples.Port(3, 1, "host-b")));
        world.AssertConverged(good);
    }

    private static AgentMessage Some(Random random)
    {
        var bytes = Ack(Network1.ToString(), (ulong)random.Next(4), Problems(random.Next(3))).ToByteArray();
        for (var i = random.Next(4); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        try
        {
            return AgentMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return new AgentMessage { Heartbeat = new Heartbeat() };
        }
    }

    private static AgentMessage Hello(Action<Hello> change)
    {
        var hello = new Hello { Host = "host-x", TunnelAddress = "192.0.2.1" };
        change(hello);
        return new AgentMessage { Hello = hello };
    }

    private static Protocol.V1.PartitionRevision Held(string partition, ulong revision) =>
        new() { Partition = partition, Revision = revision };

    private static AgentMessage Ack(string partition, ulong revision, params EntryResult[] results) =>
        new() { Ack = new Ack { Partition = partition, Revision = revision, Results = { results } } };

    private static EntryResult[] Problems(int count) =>
        [.. Enumerable.Range(0, count).Select(number => FakeHost.Result(
            EntryKind.Neighbor, Samples.PortId(number), EntryState.Failed, new string('x', 1_000)))];
}
