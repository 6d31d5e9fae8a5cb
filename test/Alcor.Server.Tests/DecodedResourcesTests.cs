using Alcor.Kernel.Store;
using Alcor.Server.Api;

namespace Alcor.Server.Tests;

public sealed class DecodedResourcesTests
{
    [Fact]
    public void What_is_at_the_same_revision_is_not_decoded_again()
    {
        var decoded = new DecodedResources(1);
        var first = decoded.Decode(Thing.Type, Stored("a", revision: 1));
        Assert.Same(first.Value, decoded.Decode(Thing.Type, Stored("a", revision: 1)).Value);
        Assert.Equal(1, first.Revision);
    }

    [Fact]
    public void What_has_changed_is_as_it_is_stored_now()
    {
        var decoded = new DecodedResources(1);
        decoded.Decode(Thing.Type, Stored("a", revision: 1, colour: "red"));
        var changed = decoded.Decode(Thing.Type, Stored("a", revision: 2, colour: "blue"));
        Assert.Equal(("blue", 2), (((Thing)changed.Value).Colour, changed.Revision));
    }

    [Fact]
    public void What_shares_a_place_is_told_apart()
    {
        var decoded = new DecodedResources(1);
        foreach (var id in new[] { "a", "b", "a" })
            Assert.Equal(id, ((Thing)decoded.Decode(Thing.Type, Stored(id, revision: 1)).Value).Id);
    }

    [Fact]
    public void What_was_made_anew_in_another_partition_is_not_taken_for_what_had_its_revision()
    {
        var decoded = new DecodedResources(1);
        decoded.Decode(Thing.Type, Stored("a", revision: 1, colour: "red"));
        var anew = Stored("a", revision: 1, colour: "blue") with { Partition = PartitionKey.Pool("others") };
        Assert.Equal("blue", ((Thing)decoded.Decode(Thing.Type, anew).Value).Colour);
    }

    private static StoredResource Stored(string id, long revision, string colour = "")
    {
        var write = Thing.Type.ToWrite(new Thing(id, "box", colour, "project", []));
        return new StoredResource(write.Key, write.Partition, revision, write.Value!.Value);
    }
}
