using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Dns;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.Services;

/// <summary>Names asked and forwarded over real sockets of the loopback.</summary>
public sealed class DnsServerTests : IAsyncDisposable
{
    private static readonly IPAddress Known = IPAddress.Loopback;
    private readonly CancellationTokenSource _ending = new();
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _ipv6Datagrams = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _ipv6Listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _resolver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private ServiceDirectory? _directory = ServiceDirectory.Empty
        .With(Say.Address(Say.HostPartition, EntryKind.Port, 10), [],
            [
                new ServiceClient(Say.Id(10), Known, IPAddress.Parse("10.0.0.10"), Say.Id(1))
                {
                    Domain = "cloud.test", Mtu = 1450,
                },
                new ServiceClient(Say.Id(10), IPAddress.IPv6Loopback, IPAddress.Parse("fe80::a"), Say.Id(1))
                {
                    Domain = "cloud.test", Mtu = 1450,
                },
            ])
        .With(Say.Id(1), NetworkNames.Empty.With(Say.Address(Say.NetworkPartition(1), EntryKind.Neighbor, 1), null,
            new PortNames(
                "web", "cloud.test.", [IPAddress.Parse("10.0.0.6"), IPAddress.Parse("2001:db8::6")])));

    private readonly Task _running;

    public DnsServerTests()
    {
        foreach (var socket in new[] { _datagrams, _listener, _resolver })
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var socket in new[] { _ipv6Datagrams, _ipv6Listener })
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        _listener.Listen();
        _ipv6Listener.Listen();
        var server = new DnsServer(() => _directory, [(IPEndPoint)_resolver.LocalEndPoint!], TimeProvider.System);
        _running = server.RunAsync([_datagrams, _listener, _ipv6Datagrams, _ipv6Listener], _ending.Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Own_names_are_answered_by_UDP_and_TCP()
    {
        var asked = DnsMessages.Ask("web.cloud.test", DnsType.A);
        Assert.Equal("NoError ar 10.0.0.6", DnsMessages.Read(await ByUdpAsync(asked)));
        Assert.Equal("NoError ar 10.0.0.6", DnsMessages.Read(await ByTcpAsync(asked)));
    }

    [Fact]
    public async Task Who_asks_over_IPv6_is_answered_there()
    {
        var asked = DnsMessages.Ask("web.cloud.test", DnsType.Aaaa);
        Assert.Equal("NoError ar 2001:db8::6", DnsMessages.Read(await ByUdpAsync(asked, _ipv6Datagrams)));
        Assert.Equal("NoError ar 2001:db8::6", DnsMessages.Read(await ByTcpAsync(asked, _ipv6Listener)));
        var answer = ByUdpAsync(DnsMessages.Ask("www.example.org", DnsType.A), _ipv6Datagrams);
        var (forwarded, from) = await HearAsync();
        await _resolver.SendToAsync(Reply(forwarded, 77), from, Token);
        Assert.Equal("NoError r 192.0.2.77", DnsMessages.Read(await answer));
    }

    [Fact]
    public async Task Other_names_are_forwarded_as_they_are_under_another_id()
    {
        var asked = DnsMessages.Ask("www.example.org", DnsType.A, ednsSize: 1400);
        var answer = ByUdpAsync(asked);
        var (forwarded, from) = await HearAsync();
        Assert.Equal(asked[2..], forwarded[2..]);
        // Whoever guesses the question but not its id is not believed.
        var guessed = Reply(forwarded, 66);
        BinaryPrimitives.WriteUInt16BigEndian(guessed, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(guessed) + 1));
        await _resolver.SendToAsync(guessed, from, Token);
        var another = DnsMessages.Ask("www.example.net", DnsType.A, id: Id(forwarded));
        await _resolver.SendToAsync(Reply(another, 66), from, Token);
        await _resolver.SendToAsync(Reply(forwarded, 77), from, Token);
        Assert.Equal("NoError r 192.0.2.77", DnsMessages.Read(await answer));
        Assert.Equal(Id(asked), Id(await answer));
    }

    [Fact]
    public async Task Ids_and_ports_of_forwarded_questions_differ()
    {
        var seen = new List<(ushort, int)>();
        for (var asked = 0; asked < 8; asked++)
        {
            var answer = ByUdpAsync(DnsMessages.Ask("www.example.org", DnsType.A, id: 7));
            var (forwarded, from) = await HearAsync();
            seen.Add((Id(forwarded), ((IPEndPoint)from).Port));
            await _resolver.SendToAsync(Reply(forwarded, 77), from, Token);
            _ = await answer;
        }
        Assert.InRange(seen.Select(one => one.Item1).Distinct().Count(), 5, 8);
        Assert.InRange(seen.Select(one => one.Item2).Distinct().Count(), 5, 8);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_for_whoever_asked_is_not_passed_on()
    {
        var answer = ByUdpAsync(DnsMessages.Ask("www.example.org", DnsType.A));
        var (forwarded, from) = await HearAsync();
        await _resolver.SendToAsync((byte[])[.. Reply(forwarded, 77), .. new byte[500]], from, Token);
        Assert.Equal("NoError tr", DnsMessages.Read(await answer));
    }

    [Fact]
    public async Task Where_no_resolver_answers_the_server_says_so()
    {
        // Nobody listens there by TCP.
        Assert.Equal("ServerFailure r",
            DnsMessages.Read(await ByTcpAsync(DnsMessages.Ask("www.example.org", DnsType.A))));
        Assert.Equal("ServerFailure r",
            DnsMessages.Read(await ByUdpAsync(DnsMessages.Ask("www.example.org", DnsType.A))));
    }

    [Fact]
    public async Task Who_is_not_known_and_everybody_before_all_has_been_told_may_ask_again()
    {
        var asked = DnsMessages.Ask("web.cloud.test", DnsType.A);
        _directory = ServiceDirectory.Empty;
        Assert.Equal("ServerFailure r", DnsMessages.Read(await ByUdpAsync(asked)));
        _directory = null;
        Assert.Equal("ServerFailure r", DnsMessages.Read(await ByUdpAsync(asked)));
    }

    [Fact]
    public async Task A_connection_asks_one_question_after_the_other_and_one_machine_has_few()
    {
        using var first = await ConnectAsync(_listener);
        await using var stream = new NetworkStream(first);
        for (var asked = 0; asked < 3; asked++)
        {
            await DnsStream.WriteAsync(stream, DnsMessages.Ask("web.cloud.test", DnsType.A), Token);
            Assert.NotNull(await DnsStream.ReadAsync(stream, 512, Token));
        }
        var others = new List<Socket>();
        for (var more = 0; more < DnsLimits.ConnectionsPerClientMax; more++)
            others.Add(await ConnectAsync(_listener));
        var buffer = new byte[1];
        // One of them is too many: it is closed, and no other.
        Assert.Equal(0, await others[^1].ReceiveAsync(buffer, Token));
        await DnsStream.WriteAsync(stream, DnsMessages.Ask("web.cloud.test", DnsType.A), Token);
        Assert.NotNull(await DnsStream.ReadAsync(stream, 512, Token));
        others.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task What_one_machine_asks_is_bounded()
    {
        using var socket = await ConnectAsync(_datagrams);
        var asked = DnsLimits.Questions.Burst + 1_000;
        var received = 0;
        for (var question = 0; question < asked; question++)
            await socket.SendAsync(DnsMessages.Ask("web.cloud.test", DnsType.A), Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                await socket.ReceiveAsync(buffer, patience.Token);
                received++;
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing more comes.
        }
        Assert.InRange(received, 1, asked - 1);
    }

    [Theory]
    [InlineData("nameserver 192.0.2.53\nnameserver 2001:db8::53\n", "192.0.2.53:53 [2001:db8::53]:53")]
    [InlineData("# nameserver 192.0.2.1\n\tnameserver\t192.0.2.2 # here\nnameserver\nnameserver x\nsearch a",
        "192.0.2.2:53")]
    [InlineData("", "")]
    public void The_resolvers_of_the_host_are_read(string text, string resolvers) =>
        Assert.Equal(resolvers, string.Join(' ', ResolverConfiguration.Parse(text)));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        foreach (var socket in new[] { _datagrams, _listener, _ipv6Datagrams, _ipv6Listener, _resolver })
            socket.Dispose();
        _ending.Dispose();
    }

    private static ushort Id(byte[] message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    /// <summary>The answer 192.0.2.x to a question, without its options.</summary>
    private static byte[] Reply(byte[] asked, byte last)
    {
        var end = Array.IndexOf(asked, (byte)0, 12) + 5;
        return
        [
            asked[0], asked[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. asked[12..end],
            0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, last,
        ];
    }

    private async Task<(byte[] Message, EndPoint From)> HearAsync()
    {
        var buffer = new byte[2_048];
        var received = await _resolver.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Token);
        return (buffer[..received.ReceivedBytes], received.RemoteEndPoint);
    }

    private async Task<byte[]> ByUdpAsync(byte[] asked, Socket? server = null)
    {
        using var socket = await ConnectAsync(server ?? _datagrams);
        await socket.SendAsync(asked, Token);
        var buffer = new byte[4_096];
        return buffer[..await socket.ReceiveAsync(buffer, Token)];
    }

    private async Task<byte[]> ByTcpAsync(byte[] asked, Socket? server = null)
    {
        using var socket = await ConnectAsync(server ?? _listener);
        await using var stream = new NetworkStream(socket);
        await DnsStream.WriteAsync(stream, asked, Token);
        return (await DnsStream.ReadAsync(stream, ushort.MaxValue, Token))!;
    }

    private static async Task<Socket> ConnectAsync(Socket server)
    {
        var socket = new Socket(server.AddressFamily, server.SocketType, server.ProtocolType);
        await socket.ConnectAsync(server.LocalEndPoint!, Token);
        return socket;
    }
}
