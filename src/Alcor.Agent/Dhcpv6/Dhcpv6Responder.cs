using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Type = Alcor.Agent.Dhcpv6.Dhcpv6MessageType;

namespace Alcor.Agent.Dhcpv6;

/// <summary>
/// Answers a DHCPv6 client (RFC 8415 section 18.3). As <see cref="DhcpResponder"/> it keeps nothing: the addresses of
/// a port are decided elsewhere, and are the same for whoever asks on that port.
/// </summary>
public static class Dhcpv6Responder
{
    private const int IpAndUdpLength = 48;
    private const int MessageFixedLength = 4;

    // A DUID has at most 128 bytes after its type (RFC 8415 section 11.1).
    private const int IdentifierLengthMax = 130;
    private const byte PreferenceMax = 255;

    /// <summary>Where clients send to: all servers of the link (RFC 8415 section 7.1).</summary>
    public static readonly IPAddress AllServers = IPAddress.Parse("ff02::1:2");

    /// <summary>Of the MAC address that all hosts answer from: who moves finds its server there.</summary>
    public static readonly IPAddress ServerAddress = DhcpResponder.ServerMac.LinkLocalAddress();

    /// <summary>A DUID of the same (DUID-LL, RFC 8415 section 11.4).</summary>
    public static readonly ReadOnlyMemory<byte> ServerIdentifier = LinkLayerIdentifier(DhcpResponder.ServerMac);

    /// <summary>The frame to give to the port, or null for silence.</summary>
    public static Dhcpv6Frame? Respond(Dhcpv6Binding binding, Dhcpv6Frame request)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);
        if (request.SourceMac != binding.Mac || !request.Source.IsIPv6LinkLocal
            || !request.Destination.Equals(AllServers) || !IsValid(request.Message)
            || Answer(binding, request.Message) is not { } answer)
        {
            return null;
        }
        return new Dhcpv6Frame
        {
            SourceMac = DhcpResponder.ServerMac,
            DestinationMac = binding.Mac,
            Source = ServerAddress,
            Destination = request.Source,
            Message = answer,
        };
    }

    internal static byte[] LinkLayerIdentifier(MacAddress mac)
    {
        byte[] identifier = [0, 3, 0, 1, 0, 0, 0, 0, 0, 0];
        mac.Write(identifier.AsSpan(4));
        return identifier;
    }

    /// <summary>Who must say who it is, and to whom it speaks (RFC 8415 section 16).</summary>
    private static bool IsValid(Dhcpv6Message message)
    {
        var client = message.Option(Dhcpv6OptionCode.ClientIdentifier);
        if (client is { Length: 0 or > IdentifierLengthMax })
            return false;
        var server = message.Option(Dhcpv6OptionCode.ServerIdentifier);
        var isForUs = server is { } named && named.Span.SequenceEqual(ServerIdentifier.Span);
        return message.Type switch
        {
            Type.Solicit or Type.Confirm or Type.Rebind => client is not null && server is null,
            Type.Request or Type.Renew or Type.Release or Type.Decline => client is not null && isForUs,
            Type.InformationRequest => (server is null || isForUs) && !IdentityAssociation.ReadAll(message).Any(),
            _ => false,
        };
    }

    private static Dhcpv6Message? Answer(Dhcpv6Binding binding, Dhcpv6Message message)
    {
        switch (message.Type)
        {
            case Type.Solicit when message.Option(Dhcpv6OptionCode.RapidCommit) is not null:
                return Reply(Type.Reply, binding, message,
                    [.. Grant(binding, message), new(Dhcpv6OptionCode.RapidCommit, default)]);
            case Type.Solicit:
                // The client need not wait for others: what it says reaches nobody else.
                return Reply(Type.Advertise, binding, message,
                    [.. Grant(binding, message), new(Dhcpv6OptionCode.Preference, new[] { PreferenceMax })]);
            case Type.Request or Type.Renew or Type.Rebind:
                return Reply(Type.Reply, binding, message, Grant(binding, message));
            case Type.Confirm:
                return Confirm(binding, message);
            case Type.Release or Type.Decline:
                // A declined address would be given again to the one port that owns it; a release changes nothing.
                return Reply(Type.Reply, binding, message, [Status(Dhcpv6Status.Success)]);
            default:
                return Reply(Type.Reply, binding, message, []);
        }
    }

    /// <summary>A client that was somewhere else asks whether its addresses are right here too.</summary>
    private static Dhcpv6Message? Confirm(Dhcpv6Binding binding, Dhcpv6Message message)
    {
        var claimed = IdentityAssociation.ReadAll(message).SelectMany(association => association.Addresses).ToList();
        if (claimed.Count == 0)
            return null;
        var isRight = claimed.All(binding.Addresses.Contains);
        return Reply(Type.Reply, binding, message, [Status(isRight ? Dhcpv6Status.Success : Dhcpv6Status.NotOnLink)]);
    }

    /// <summary>
    /// The first set of addresses that the client asks for has all of the port; there is nothing for another.
    /// </summary>
    private static List<Dhcpv6Option> Grant(Dhcpv6Binding binding, Dhcpv6Message message)
    {
        var isExtension = message.Type is Type.Renew or Type.Rebind;
        var rest = binding.Addresses;
        var options = new List<Dhcpv6Option>();
        foreach (var association in IdentityAssociation.ReadAll(message).Take(AgentLimits.IdentityAssociationsMax))
        {
            var granted = association.Code == Dhcpv6OptionCode.NonTemporaryAddresses ? rest : [];
            // Of what the client had and is not the port's any more it is told that it has ended (section 18.3.4).
            var ended = isExtension ? association.Addresses.Except(granted).Take(AgentLimits.EndedAddressesMax) : [];
            options.Add(association.Answer([.. granted], [.. ended], binding.LeaseTime));
            if (granted.Count > 0)
                rest = [];
        }
        return options;
    }

    private static Dhcpv6Message Reply(
        Type type, Dhcpv6Binding binding, Dhcpv6Message request, IReadOnlyList<Dhcpv6Option> options)
    {
        var all = new List<Dhcpv6Option> { new(Dhcpv6OptionCode.ServerIdentifier, ServerIdentifier) };
        if (request.Option(Dhcpv6OptionCode.ClientIdentifier) is { } client)
            all.Add(new(Dhcpv6OptionCode.ClientIdentifier, client));
        all.AddRange(options);
        var room = binding.Mtu - IpAndUdpLength - MessageFixedLength - all.Sum(option => option.EncodedLength);
        foreach (var option in Dhcpv6Parameters.All(binding, request))
        {
            // What does not fit is left out, least important last in the list.
            if (option.EncodedLength > room)
                continue;
            room -= option.EncodedLength;
            all.Add(option);
        }
        return new Dhcpv6Message(type, request.TransactionId) { Options = [.. all] };
    }

    internal static Dhcpv6Option Status(Dhcpv6Status status) =>
        new(Dhcpv6OptionCode.StatusCode, new byte[] { 0, (byte)status });
}
