using System.Security.Cryptography;
using System.Text;
using Alcor.Kernel.Resources;

namespace Alcor.Kernel.Tests;

public sealed class DerivedIdTests
{
    [Fact]
    public void An_id_is_the_same_whether_it_was_kept_or_has_made_room_for_others()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 3 * Limits.DerivedIdsKeptMax; i++)
            {
                Assert.Equal(Expected($"p{i}", "default"), DerivedId.Of($"p{i}", "default"));
                Assert.Equal(Expected($"p{i}", "agent"), DerivedId.Of($"p{i}", "agent"));
            }
        }
    }

    private static string Expected(string from, string purpose)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}/{from}")));
        var variant = "89ab"[Convert.ToInt32(hex[16..17], 16) & 3];
        return $"{hex[..8]}-{hex[8..12]}-8{hex[13..16]}-{variant}{hex[17..20]}-{hex[20..32]}";
    }
}
