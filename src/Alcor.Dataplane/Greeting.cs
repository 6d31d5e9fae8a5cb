using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>A Hello that was found to make sense.</summary>
internal sealed record Greeting(HostIdentity Host, IReadOnlyDictionary<PartitionKey, long> Held)
{
    /// <exception cref="ProtocolViolationException">The first message is no Hello, or one that makes no
    /// sense.</exception>
    public static Greeting Read(AgentMessage message)
    {
        if (message.BodyCase != AgentMessage.BodyOneofCase.Hello)
            throw new ProtocolViolationException($"the first message is {message.BodyCase}, not Hello");
        var hello = message.Hello;
        if (hello.Host.Length is 0 or > DataplaneLimits.HostCharactersMax || hello.Host.Any(IsUnfit))
            throw new ProtocolViolationException("the host's name is empty, too long, or not printable");
        if (!IPAddress.TryParse(hello.TunnelAddress, out var address) || IsNowhere(address))
            throw new ProtocolViolationException($"the tunnel address of {hello.Host} is not an address");
        if (hello.Version.Length > DataplaneLimits.HostCharactersMax)
            throw new ProtocolViolationException($"the version of {hello.Host} is too long");
        return new Greeting(
            new HostIdentity(hello.Host, address, hello.Version, ConfigurationsOf(hello)), HeldOf(hello));
    }

    public static PartitionKey ReadPartition(string text)
    {
        try
        {
            return PartitionKey.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new ProtocolViolationException(exception.Message);
        }
    }

    public static long ReadRevision(ulong revision) =>
        revision <= long.MaxValue
            ? (long)revision
            : throw new ProtocolViolationException($"there is no revision {revision}");

    private static Dictionary<PartitionKey, long> HeldOf(Hello hello)
    {
        if (hello.Held.Count > DataplaneLimits.HeldMax)
            throw new ProtocolViolationException($"{hello.Host} says that it holds {hello.Held.Count} partitions");
        var held = new Dictionary<PartitionKey, long>();
        foreach (var one in hello.Held)
        {
            if (!held.TryAdd(ReadPartition(one.Partition), ReadRevision(one.Revision)))
                throw new ProtocolViolationException($"{hello.Host} holds {one.Partition} twice");
        }
        return held;
    }

    private static ImmutableSortedDictionary<string, string> ConfigurationsOf(Hello hello)
    {
        var characters = hello.Configurations.Sum(one => one.Key.Length + one.Value.Length);
        if (hello.Configurations.Count > DataplaneLimits.ConfigurationsMax
            || characters > DataplaneLimits.ConfigurationCharactersMax)
            throw new ProtocolViolationException($"the configurations of {hello.Host} are too long");
        return hello.Configurations.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static bool IsUnfit(char character) => char.IsControl(character) || char.IsWhiteSpace(character);

    private static bool IsNowhere(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast)
        || address.IsIPv6Multicast;
}
