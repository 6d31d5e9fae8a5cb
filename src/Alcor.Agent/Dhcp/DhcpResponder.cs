using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>One address that a port may be given: the port's, in a subnet with DHCP.</summary>
public sealed record DhcpOffer(IPAddress Address, SubnetValue Subnet)
{
    /// <summary>By which the client knows who offers it.</summary>
    public IPAddress Server => DhcpResponder.ServerIn(Subnet);
}

/// <summary>All that an answer depends on, of the one port that the request came from.</summary>
/// <param name="Mac">Whoever calls itself otherwise gets no answer.</param>
/// <param name="Offers">In the order of the port's addresses; never empty.</param>
/// <param name="LeaseTime">How long an address is granted. It stays the port's for as long as the port exists.</param>
public sealed record DhcpBinding(
    MacAddress Mac, ushort Mtu, ImmutableArray<DhcpOffer> Offers, TimeSpan LeaseTime)
{
    /// <summary>What the port is told beyond what its subnets say, and instead of that.</summary>
    public ValueList<ExtraOption> Extra { get; init; }

    /// <summary>Of the machine; empty: its address makes one.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of the name, without the dot at its end; empty: none.</summary>
    public string Domain { get; init; } = "";

    /// <summary>What the host offers itself: the client is told of it.</summary>
    public HostServices Services { get; init; }

    /// <summary>
    /// The binding of a port, or null when none of its addresses is an IPv4 address in a subnet with DHCP.
    /// </summary>
    public static DhcpBinding? Of(
        PortValue port, NetworkValue network, Func<Guid, SubnetValue?> subnet, TimeSpan leaseTime,
        HostServices services)
    {
        var offers = port.Addresses
            .Where(address => address.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(address => (address.Address, Subnet: subnet(address.SubnetId)))
            .Where(pair => pair.Subnet is { EnableDhcp: true } found && found.Cidr.Contains(pair.Address))
            .Select(pair => new DhcpOffer(pair.Address, pair.Subnet!))
            .ToImmutableArray();
        return offers.IsEmpty ? null : new DhcpBinding(port.Mac, network.Mtu, offers, leaseTime)
        {
            Extra = ExtraOptions.Of(port, isIpv6: false),
            Name = port.DnsName,
            Domain = port.DnsDomain.TrimEnd('.'),
            Services = services,
        };
    }

    /// <summary>The addresses by which the client knows its servers: one for each subnet, in their order.</summary>
    public IEnumerable<IPAddress> Servers => Offers.Select(offer => offer.Server).Distinct();
}

/// <summary>
/// Answers a DHCPv4 client (RFC 2131 section 4.3). It keeps nothing: the address of a port is decided elsewhere and is
/// the same for whoever asks on that port, so an offer needs no memory and a restart forgets nothing.
/// </summary>
public static class DhcpResponder
{
    // A client takes 576 bytes of IP unless it says that it takes more (RFC 2131 section 2).
    private const int MessageSizeMin = 576;
    private const int IpAndUdpLength = 28;

    /// <summary>
    /// A source for answers; no port has it, as ports' addresses are not from this locally administered range.
    /// </summary>
    public static readonly MacAddress ServerMac = new(0xfe_a1_c0_00_00_43);

    /// <summary>Names the server where a subnet has no gateway (RFC 3927: an address of no other host).</summary>
    public static readonly IPAddress NamelessServer = ServiceAddresses.Service;

    /// <summary>The frame to give to the port, or null for silence.</summary>
    public static DhcpFrame? Respond(DhcpBinding binding, DhcpFrame request)
    {
        var message = request.Message;
        if (message.IsReply || request.SourceMac != binding.Mac || message.ClientMac != binding.Mac)
            return null;
        // There is no relay between a port and its own switch.
        if (!message.RelayAddress.Equals(IPAddress.Any))
            return null;
        return message.MessageType switch
        {
            DhcpMessageType.Discover => Grant(DhcpMessageType.Offer, Wished(binding, message), binding, message),
            DhcpMessageType.Request => Decide(binding, message),
            DhcpMessageType.Inform => Grant(DhcpMessageType.Acknowledge, Wished(binding, message), binding, message),
            // A declined address would be offered again to the one port that owns it; a release changes nothing.
            _ => null,
        };
    }

    private static DhcpOffer Wished(DhcpBinding binding, DhcpMessage message)
    {
        var wished = message.AddressOption(DhcpOptionCode.RequestedAddress) ?? message.ClientAddress;
        return binding.Offers.FirstOrDefault(offer => offer.Address.Equals(wished)) ?? binding.Offers[0];
    }

    private static DhcpFrame? Decide(DhcpBinding binding, DhcpMessage message)
    {
        var requested = message.AddressOption(DhcpOptionCode.RequestedAddress);
        // Selecting and init-reboot name the address in the option, renewing and rebinding in the header (table 4).
        var claimed = requested ?? message.ClientAddress;
        if (claimed.Equals(IPAddress.Any))
            return null;
        var offer = binding.Offers.FirstOrDefault(offer => offer.Address.Equals(claimed));
        var chosen = message.AddressOption(DhcpOptionCode.ServerIdentifier);
        if (chosen is not null && !binding.Offers.Any(known => known.Server.Equals(chosen)))
            return null;
        return offer is null
            ? Refuse(binding.Offers[0], message, $"{claimed} is not an address of this port")
            : Grant(DhcpMessageType.Acknowledge, offer, binding, message);
    }

    internal static IPAddress ServerIn(SubnetValue subnet) => subnet.Gateway ?? NamelessServer;

    private static DhcpFrame Refuse(DhcpOffer offer, DhcpMessage request, string reason)
    {
        var reply = new DhcpMessage
        {
            IsReply = true,
            TransactionId = request.TransactionId,
            ClientMac = request.ClientMac,
            Broadcast = true,
            Options =
            [
                new(DhcpOptionCode.MessageType, new[] { (byte)DhcpMessageType.Refuse }),
                new(DhcpOptionCode.ServerIdentifier, offer.Server.GetAddressBytes()),
                new(DhcpOptionCode.Message, System.Text.Encoding.ASCII.GetBytes(reason)),
            ],
        };
        return Frame(reply, offer.Server, MacAddress.Broadcast, IPAddress.Broadcast);
    }

    private static DhcpFrame Grant(DhcpMessageType type, DhcpOffer offer, DhcpBinding binding, DhcpMessage request)
    {
        // Whoever informs has an address already and is told neither address nor times (section 4.3.5).
        var isInform = request.MessageType == DhcpMessageType.Inform;
        var extra = ExtraOptions.For(binding.Extra, request.Option(DhcpOptionCode.Ipxe) is not null);
        var reply = new DhcpMessage
        {
            IsReply = true,
            TransactionId = request.TransactionId,
            ClientMac = request.ClientMac,
            Broadcast = request.Broadcast,
            ClientAddress = type == DhcpMessageType.Acknowledge ? request.ClientAddress : IPAddress.Any,
            YourAddress = isInform ? IPAddress.Any : offer.Address,
            // Where firmware looks that asks for no options.
            NextServerAddress = extra.GetValueOrDefault(OptionNames.NextServer) is { Length: >= 4 } next
                ? new IPAddress(next.Span[..4])
                : IPAddress.Any,
            ServerName = ValueList.Create(extra.GetValueOrDefault(DhcpOptionCode.ServerName).Span),
            BootFile = ValueList.Create(extra.GetValueOrDefault(DhcpOptionCode.BootFile).Span),
            Options = Options(DhcpParameters.All(type, offer, binding, request, extra), binding, request),
        };
        if (!request.ClientAddress.Equals(IPAddress.Any))
            return Frame(reply, offer.Server, request.ClientMac, request.ClientAddress);
        return request.Broadcast || isInform
            ? Frame(reply, offer.Server, MacAddress.Broadcast, IPAddress.Broadcast)
            : Frame(reply, offer.Server, request.ClientMac, offer.Address);
    }

    private static DhcpFrame Frame(DhcpMessage reply, IPAddress server, MacAddress mac, IPAddress destination) => new()
    {
        SourceMac = ServerMac,
        DestinationMac = mac,
        Source = server,
        Destination = destination,
        Message = reply,
    };

    private static ImmutableArray<DhcpOption> Options(
        IEnumerable<DhcpOption> parameters, DhcpBinding binding, DhcpMessage request)
    {
        var room = MessageSize(request, binding.Mtu);
        var options = ImmutableArray.CreateBuilder<DhcpOption>();
        foreach (var option in parameters)
        {
            // What does not fit is left out, least important last in the list.
            if (option.EncodedLength > room)
                continue;
            room -= option.EncodedLength;
            options.Add(option);
        }
        return options.ToImmutable();
    }

    private static int MessageSize(DhcpMessage request, ushort mtu)
    {
        var size = request.Option(DhcpOptionCode.MaximumMessageSize) is { Length: 2 } value
            ? BinaryPrimitives.ReadUInt16BigEndian(value.Span)
            : MessageSizeMin;
        // 241: the fixed fields, the magic cookie and the end of the options.
        return Math.Clamp(size, MessageSizeMin, mtu) - IpAndUdpLength - 241;
    }
}
