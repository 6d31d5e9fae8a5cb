using System.Collections.Concurrent;
using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.OpenFlow;

namespace Alcor.Demo.InMemory;

/// <summary>A machine made of packets: it asks for its address, answers echo requests, resolves and pings.</summary>
internal sealed class SimulatedMachine(MacAddress mac) : IMachine
{
    // Ethernet, IPv4 without options and UDP, as the agent writes its replies.
    private const int DhcpAt = 42;
    private const int AttemptsMax = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Ipv4Address, TaskCompletionSource<MacAddress>> _resolving = new();
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource> _echoes = new();
    private TaskCompletionSource<DhcpMessage> _dhcp = Expect<DhcpMessage>();
    private Ipv4Address? _address;
    private int _sequence;

    /// <summary>Where its frames go; nowhere until it is plugged.</summary>
    public Action<Packet> Send { get; set; } = _ => { };

    public void Receive(Packet packet)
    {
        var isMine = packet[Field.EthDst] == mac.Value || packet[Field.EthDst] == MacAddress.Broadcast.Value;
        if (!isMine)
            return;
        if (packet[Field.EthType] == Frames.ArpType)
            ReceiveArp(packet);
        else if (packet[Field.IpProto] == Frames.IcmpProtocol)
            ReceiveEcho(packet);
        else if (packet[Field.UdpSrc] == 67 && DhcpMessage.TryParse(packet.Bytes.Span[DhcpAt..], out var message))
            _dhcp.TrySetResult(message);
    }

    public async Task<string> LeaseAsync(CancellationToken cancellationToken)
    {
        var offer = await AskAsync(DhcpMessageType.Discover, [], cancellationToken);
        var acknowledgement = await AskAsync(
            DhcpMessageType.Request,
            [
                new(DhcpOptionCode.RequestedAddress, offer.YourAddress.GetAddressBytes()),
                new(DhcpOptionCode.ServerIdentifier, offer.Option(DhcpOptionCode.ServerIdentifier)!.Value),
            ],
            cancellationToken);
        if (acknowledgement.MessageType != DhcpMessageType.Acknowledge)
            throw new DemoFailedException($"{mac} was refused the address that it had been offered");
        _address = Ipv4Address.From(acknowledgement.YourAddress);
        return acknowledgement.YourAddress.ToString();
    }

    public async Task<Echoes> PingAsync(string address, int count, CancellationToken cancellationToken)
    {
        var target = Ipv4Address.Parse(address);
        var received = 0;
        var total = TimeSpan.Zero;
        for (var i = 0; i < count; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            if (!await PingAsync(target, cancellationToken))
                continue;
            received++;
            total += TimeProvider.System.GetElapsedTime(start);
        }

        return new Echoes(count, received, received == 0 ? null : total / received);
    }

    private async Task<bool> PingAsync(Ipv4Address target, CancellationToken cancellationToken)
    {
        var from = (mac, _address ?? throw new DemoFailedException($"{mac} has no address yet"));
        var number = (ushort)Interlocked.Increment(ref _sequence);
        var resolved = _resolving.GetOrAdd(target, _ => Expect<MacAddress>());
        var answered = _echoes[number] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (!resolved.Task.IsCompleted)
                Send(Frames.ArpRequest(mac, from.Item2, target));
            var to = (await resolved.Task.WaitAsync(Patience, cancellationToken), target);
            Send(Frames.Echo(from, to, number));
            await answered.Task.WaitAsync(Patience, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _echoes.TryRemove(number, out _);
        }
    }

    private void ReceiveArp(Packet packet)
    {
        var owner = new Ipv4Address((uint)packet[Field.ArpSpa]);
        if (packet[Field.ArpOp] == 2 && _resolving.TryGetValue(owner, out var asked))
            asked.TrySetResult(new MacAddress((ulong)packet[Field.ArpSha]));
    }

    private void ReceiveEcho(Packet packet)
    {
        if (packet[Field.Ipv4Dst] != (_address?.Value ?? 0))
            return;
        if (packet[Field.Icmpv4Type] == Frames.EchoRequest)
            Send(Frames.Answer(packet));
        else if (_echoes.TryGetValue(Frames.Sequence(packet), out var answered))
            answered.TrySetResult();
    }

    /// <summary>Sends a message until it is answered, once a second as clients do.</summary>
    private async Task<DhcpMessage> AskAsync(
        DhcpMessageType type, DhcpOption[] options, CancellationToken cancellationToken)
    {
        var message = new DhcpMessage
        {
            IsReply = false,
            TransactionId = (uint)mac.Value,
            ClientMac = mac,
            Options = [new(DhcpOptionCode.MessageType, new[] { (byte)type }), .. options],
        };
        var frame = new DhcpFrame
        {
            SourceMac = mac,
            DestinationMac = MacAddress.Broadcast,
            Source = IPAddress.Any,
            Destination = IPAddress.Broadcast,
            Message = message,
        };
        _dhcp = Expect<DhcpMessage>();
        for (var i = 0; i < AttemptsMax; i++)
        {
            Send(new Packet(frame.Encode()));
            try
            {
                return await _dhcp.Task.WaitAsync(Patience, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Asked before the port was programmed, or lost: ask again.
            }
        }

        throw new DemoFailedException($"{mac} was given no address by DHCP");
    }

    private static TaskCompletionSource<T> Expect<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
