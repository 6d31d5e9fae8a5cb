using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Simulation.Tests;

/// <summary>
/// The mistakes that a relay, or what is between it and an agent, could make. Without a mutation it passes everything
/// on.
/// </summary>
internal sealed class FaultyWire(Simulation world)
{
    private readonly Dictionary<string, List<PartitionUpdate>> _said = [];
    private bool _hasSaidSynchronized;

    public IEnumerable<byte[]> Pass(byte[] bytes)
    {
        if (world.Settings.Mutation is Mutation.None)
            return [bytes];
        var message = DataplaneMessage.Parser.ParseFrom(bytes);
        if (!_hasSaidSynchronized && world.Mutates(Mutation.ChannelSynchronizesEarly, 1))
        {
            _hasSaidSynchronized = true;
            return [new DataplaneMessage { Synchronized = new Synchronized() }.ToByteArray(), bytes];
        }
        if (message.BodyCase != DataplaneMessage.BodyOneofCase.Update)
            return [bytes];
        if (world.Mutates(Mutation.ChannelDropsUpdate, 0.1))
            return [];
        return world.Mutates(Mutation.ChannelRelabelsOldEntries, 0.3) ? [Relabel(message)] : [Remember(message)];
    }

    private byte[] Remember(DataplaneMessage message)
    {
        if (!_said.TryGetValue(message.Update.Partition, out var said))
            _said[message.Update.Partition] = said = [];
        said.Add(message.Update);
        return message.ToByteArray();
    }

    /// <summary>A difference with the revisions of this one and the entries of an earlier one.</summary>
    private byte[] Relabel(DataplaneMessage message)
    {
        if (message.Update.Snapshot || !_said.TryGetValue(message.Update.Partition, out var said))
            return Remember(message);
        var old = message.Clone();
        old.Update.Entries.Clear();
        old.Update.Entries.AddRange(said[0].Entries);
        return old.ToByteArray();
    }
}
